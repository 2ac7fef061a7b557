module.exports = require('../storage')

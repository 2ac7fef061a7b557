module.exports = require('../storage.js')

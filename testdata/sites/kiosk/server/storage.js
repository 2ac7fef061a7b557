exports.rows = require('./settings.json').rows

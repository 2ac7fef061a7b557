require('./start')

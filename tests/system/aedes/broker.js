// aedes on a free loopback port; prints "ready PORT".
const aedes = require('aedes')()
const server = require('net').createServer(aedes.handle)

server.listen(0, '127.0.0.1', () => console.log('ready', server.address().port))

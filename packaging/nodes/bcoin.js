'use strict';

// A Bitcoin regtest node in memory whose addresses read like the main network's (1…, 3…, bc1…), so that the program
// under test runs its main path unchanged. The table is changed before any object of the library exists.
const networks = require('bcoin/lib/protocol/networks');

networks.regtest.addressPrefix = Object.assign({}, networks.main.addressPrefix);

const FullNode = require('bcoin/lib/node/fullnode');
const wallet = require('bcoin/lib/wallet/plugin');

async function start() {
  const node = new FullNode({
    network: 'regtest',
    memory: true,
    indexTX: true,
    indexAddress: true,
    apiKey: process.env.NODE_KEY,
    httpHost: '127.0.0.1',
    httpPort: Number(process.env.NODE_PORT),
    walletHttpHost: '127.0.0.1',
    walletHttpPort: Number(process.env.WALLET_PORT),
    walletApiKey: process.env.NODE_KEY,
    listen: false,
    maxOutbound: 1,
    only: '127.0.0.1',
    logLevel: 'none',
    workers: false,
    env: {}
  });
  node.use(wallet);
  await node.open();
}

start().catch((error) => {
  console.error(error);
  process.exit(1);
});

// The typed client out of openapi.json (`npm run client`). No package at run time: the fetch client is generated too.
// Committed, so that a change of the API shows in review as a change of the client.
module.exports = {
  input: 'openapi.json',
  output: { path: 'libs/client/src/generated', postProcess: [], importFileExtension: null },
  plugins: ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'],
  logs: { file: false },
};

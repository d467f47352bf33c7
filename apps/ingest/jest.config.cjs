const preset = require('../../jest.preset.cjs');
module.exports = preset('apps/ingest', process.env.TEST_KIND ?? 'spec');

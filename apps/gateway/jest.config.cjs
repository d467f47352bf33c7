const preset = require('../../jest.preset.cjs');
module.exports = preset('apps/gateway', process.env.TEST_KIND ?? 'spec');

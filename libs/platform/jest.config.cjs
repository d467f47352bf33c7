const preset = require('../../jest.preset.cjs');
module.exports = preset('libs/platform', process.env.TEST_KIND ?? 'spec');

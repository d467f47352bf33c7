const preset = require('../../jest.preset.cjs');
module.exports = preset('libs/domain', process.env.TEST_KIND ?? 'spec');

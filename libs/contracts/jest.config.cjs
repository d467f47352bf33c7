const preset = require('../../jest.preset.cjs');
module.exports = preset('libs/contracts', process.env.TEST_KIND ?? 'spec');

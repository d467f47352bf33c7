const preset = require('../jest.preset.cjs');
module.exports = preset('tools', process.env.TEST_KIND ?? 'spec');

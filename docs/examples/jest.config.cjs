// Jest loads CommonJS, and watchword is an ES module: ts-jest translates it, as it does the tests.
module.exports = {
  transform: {
    "\\.[jt]s$": ["ts-jest", { tsconfig: { allowJs: true, module: "commonjs", target: "es2023" } }],
  },
  transformIgnorePatterns: ["/node_modules/(?!watchword/)"],
};

/** Who may import whom in the page: app → features → ui | lib. */
module.exports = {
  forbidden: [
    {
      name: "features-apart",
      comment: "A feature never imports another; what two need lives in lib or ui.",
      severity: "error",
      from: { path: "^src/features/([^/]+)/" },
      to: { path: "^src/features/", pathNot: "^src/features/$1/" },
    },
    {
      name: "ui-knows-no-feature",
      severity: "error",
      from: { path: "^src/ui/" },
      to: { path: "^src/(features|app)/" },
    },
    {
      name: "lib-knows-nobody",
      severity: "error",
      from: { path: "^src/lib/" },
      to: { path: "^src/(features|app|ui)/" },
    },
    { name: "features-under-app", severity: "error", from: { path: "^src/features/" }, to: { path: "^src/app/" } },
    { name: "no-circles", severity: "error", from: {}, to: { circular: true } },
    { name: "no-dead-imports", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  required: [],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      mainFields: ["module", "main", "types"],
    },
  },
};

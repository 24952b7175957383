import type { AuthContext } from "better-auth";

/** Better Auth's own names of models and fields, whatever the database calls them. */
export interface ModelNames {
  model(name: string): string;
  field(model: string, name: string): string;
}

/** An adapter takes a model and a field by either name: Better Auth's own or that of the table or column. */
export function modelNames(tables: AuthContext["tables"]): ModelNames {
  const models = new Map<string, string>();
  for (const [model, { modelName }] of Object.entries(tables)) {
    for (const name of [`${modelName}s`, `${model}s`, modelName])
      if (!models.has(name)) models.set(name, model);
  }
  for (const model of Object.keys(tables)) models.set(model, model);
  return {
    model: (name) => models.get(name) ?? name,
    field(model, name) {
      const fields = tables[model]?.fields ?? {};
      if (Object.hasOwn(fields, name)) return name;
      return Object.entries(fields).find(([, { fieldName }]) => fieldName === name)?.[0] ?? name;
    },
  };
}

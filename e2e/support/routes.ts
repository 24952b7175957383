/** A route that needs a credential, as a request on one user and one row. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** A body that the route accepts; absent where it takes none. */
  readonly json?: object;
}

/** Every protected route of the contract that names a user in its path. */
export function userRoutes(userId: string, taskId: number | string): readonly Route[] {
  const tasks = `/api/${userId}/tasks`;
  const task = `${tasks}/${taskId}`;
  return [
    { method: "GET", path: tasks },
    { method: "HEAD", path: tasks },
    { method: "POST", path: tasks, json: { title: "written" } },
    { method: "GET", path: task },
    { method: "HEAD", path: task },
    { method: "PUT", path: task, json: { title: "written", description: null, completed: true } },
    { method: "PATCH", path: task, json: { title: "written" } },
    { method: "DELETE", path: task },
    { method: "PATCH", path: `${task}/complete`, json: {} },
  ];
}

/** Every protected route of the contract. */
export function protectedRoutes(userId: string, taskId: number | string): readonly Route[] {
  return [
    ...userRoutes(userId, taskId),
    { method: "GET", path: "/api/v1/users/me" },
    { method: "HEAD", path: "/api/v1/users/me" },
    { method: "PUT", path: "/api/v1/users/me", json: { name: "written" } },
  ];
}

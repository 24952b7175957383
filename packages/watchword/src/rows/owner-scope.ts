import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type ColumnUpdateNode,
  type DeleteQueryNode,
  type FromNode,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type KyselyPlugin,
  type MergeQueryNode,
  type OnConflictNode,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  OrNode,
  ParensNode,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  type QueryId,
  QueryNode,
  type QueryResult,
  RawNode,
  ReferenceNode,
  type RootOperationNode,
  SelectionNode,
  SelectQueryNode,
  TableNode,
  type UnknownRow,
  type UpdateQueryNode,
  type UsingNode,
  ValueNode,
  WhereNode,
  type WithNode,
} from "kysely";
import type { DeclaredTable } from "./declarations.ts";
import { MissingOwner } from "./missing-owner.ts";

/** Whose rows the statements of one piece of work may reach. */
export interface Reach {
  readonly tables: ReadonlyMap<string, DeclaredTable>;
  /** The schema of the tables; `null` for the connection's own. */
  readonly schema: string | null;
  /** `null` for a reader who owns nothing. */
  readonly owner: string | null;
  /** `own`: the owner's rows; `visible`: also those that anyone may read; `all`: every row of tables that allow it. */
  readonly rows: "own" | "visible" | "all";
  /** Whether the transaction is still open. */
  isOpen(): boolean;
}

/**
 * Puts the owner into every statement, wherever a table is named: in `from`, in joins, in subqueries and unions each
 * table is replaced by the owner's part of it, changes get the owner's condition around whatever condition they have,
 * and inserted rows must carry the owner. What cannot be judged is refused.
 */
export class OwnerScope implements KyselyPlugin {
  readonly #reach: Reach;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  /** @throws MissingOwner before anything is sent. */
  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    if (!this.#reach.isOpen()) throw new MissingOwner("The transaction of this statement is over.");
    if (!statementKinds.includes(node.kind)) throw new MissingOwner(`A ${node.kind} has no owner.`);
    return new ScopeTransformer(this.#reach).transformNode(node, queryId);
  }

  async transformResult({ result }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    return result;
  }
}

const statementKinds: readonly string[] = [
  "SelectQueryNode",
  "InsertQueryNode",
  "UpdateQueryNode",
  "DeleteQueryNode",
];

class ScopeTransformer extends OperationNodeTransformer {
  readonly #reach: Reach;

  constructor(reach: Reach) {
    super();
    this.#reach = reach;
  }

  protected override transformFrom(node: FromNode, queryId?: QueryId): FromNode {
    return { ...node, froms: node.froms.map((source) => this.#source(source, queryId)) };
  }

  protected override transformJoin(node: JoinNode, queryId?: QueryId): JoinNode {
    const { on } = node;
    return {
      ...node,
      table: this.#source(node.table, queryId),
      ...(on && { on: this.transformNode(on, queryId) }),
    };
  }

  protected override transformUsing(node: UsingNode, queryId?: QueryId): UsingNode {
    return { ...node, tables: node.tables.map((source) => this.#source(source, queryId)) };
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, queryId?: QueryId): UpdateQueryNode {
    const { table: named, where, ...rest } = node;
    const { table, declared } = this.#target(named);
    refuseEnding(node, declared);
    refuseOwnerUpdates(node.updates, declared);
    const transformed = super.transformUpdateQuery(rest, queryId);
    return { ...transformed, table, where: this.#owned(declared, where, queryId) };
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, queryId?: QueryId): DeleteQueryNode {
    const { from, where, ...rest } = node;
    const { table, declared } = this.#target(from.froms.length === 1 ? from.froms[0] : undefined);
    refuseEnding(node, declared);
    const transformed = super.transformDeleteQuery({ ...rest, from: { ...from, froms: [] } }, queryId);
    return {
      ...transformed,
      from: { ...from, froms: [table] },
      where: this.#owned(declared, where, queryId),
    };
  }

  protected override transformInsertQuery(node: InsertQueryNode, queryId?: QueryId): InsertQueryNode {
    const { into, onConflict, ...rest } = node;
    const { table, declared } = this.#target(into);
    refuseEnding(node, declared);
    if (!isStamped(node, declared, this.#reach.owner)) {
      throw new MissingOwner(`A row for ${declared.name} does not carry its owner.`);
    }
    if (node.replace || node.onDuplicateKey || node.orAction?.action === "replace") {
      throw new MissingOwner(`Inserting into ${declared.name} could replace a row of another owner.`);
    }
    return {
      ...super.transformInsertQuery(rest, queryId),
      into: table,
      ...(onConflict && { onConflict: this.#conflict(onConflict, declared, queryId) }),
    };
  }

  protected override transformRaw(node: RawNode, queryId?: QueryId): RawNode {
    if (!isExpression(node)) {
      throw new MissingOwner("SQL text may be an expression only: name tables through the query builder.");
    }
    return this.#rawParts(node, queryId);
  }

  /** SQL text inside of SQL text has been judged with it. */
  #rawParts(node: RawNode, queryId?: QueryId): RawNode {
    const parameters = node.parameters.map((one) =>
      RawNode.is(one) ? this.#rawParts(one, queryId) : this.transformNode(one, queryId),
    );
    return { ...node, parameters };
  }

  protected override transformWith(_node: WithNode): WithNode {
    throw new MissingOwner("A statement with common table expressions has no owner.");
  }

  protected override transformMergeQuery(_node: MergeQueryNode): MergeQueryNode {
    throw new MissingOwner("A merge has no owner.");
  }

  /** A conflict may be with a row of another owner, which the update must leave alone. */
  #conflict(node: OnConflictNode, declared: DeclaredTable, queryId?: QueryId): OnConflictNode {
    const { updateWhere, ...rest } = node;
    refuseOwnerUpdates(node.updates, declared);
    const transformed = super.transformOnConflict(rest, queryId);
    return node.updates === undefined
      ? transformed
      : { ...transformed, updateWhere: this.#owned(declared, updateWhere, queryId) };
  }

  /** One entry of `from`, `join` or `using`. */
  #source(node: OperationNode, queryId?: QueryId): OperationNode {
    const { inner, alias } = AliasNode.is(node)
      ? { inner: node.node, alias: node.alias }
      : { inner: node, alias: undefined };
    if (SelectQueryNode.is(inner)) return this.transformNode(node, queryId);
    if (!TableNode.is(inner)) throw new MissingOwner("Only declared tables and subqueries can be read.");
    const declared = this.#declared(inner);
    return AliasNode.create(this.#part(declared), alias ?? IdentifierNode.create(declared.name));
  }

  /** The part of a table that may be read, as a subquery: nothing that surrounds it can widen it. */
  #part(declared: DeclaredTable): OperationNode {
    const whole = SelectQueryNode.cloneWithSelections(SelectQueryNode.createFrom([this.#tableOf(declared)]), [
      SelectionNode.createSelectAll(),
    ]);
    const condition = this.#condition(declared);
    return condition === null ? whole : QueryNode.cloneWithWhere(whole, condition);
  }

  #condition(declared: DeclaredTable): OperationNode | null {
    const { owner, rows } = this.#reach;
    if (rows === "all" && declared.allOwners) return null;
    const own = owner === null ? null : equality(ColumnNode.create(declared.owner), ValueNode.create(owner));
    const visible = rows === "visible" ? visibility(declared) : null;
    const condition = own && visible ? ParensNode.create(OrNode.create(own, visible)) : (own ?? visible);
    if (condition === null)
      throw new MissingOwner(`The table ${declared.name} cannot be read without an owner.`);
    return condition;
  }

  /** The table that a statement changes. */
  #target(node: OperationNode | undefined): { table: TableNode; declared: DeclaredTable } {
    if (node === undefined || !TableNode.is(node)) {
      throw new MissingOwner("A change names exactly one declared table, without an alias.");
    }
    const declared = this.#declared(node);
    return { table: this.#tableOf(declared), declared };
  }

  /** The owner's condition, and the statement's own inside parentheses. */
  #owned(declared: DeclaredTable, where: WhereNode | undefined, queryId?: QueryId): WhereNode {
    const { owner, rows } = this.#reach;
    if (owner === null || rows !== "own") {
      throw new MissingOwner(`The table ${declared.name} cannot be changed without an owner.`);
    }
    const column = ReferenceNode.create(ColumnNode.create(declared.owner), TableNode.create(declared.name));
    const own = equality(column, ValueNode.create(owner));
    if (where === undefined) return WhereNode.create(own);
    return WhereNode.create(AndNode.create(own, ParensNode.create(this.transformNode(where.where, queryId))));
  }

  #declared({ table }: TableNode): DeclaredTable {
    const name = table.identifier.name;
    const declared = this.#reach.tables.get(name);
    const schema = table.schema?.name ?? this.#reach.schema;
    if (declared === undefined || schema !== this.#reach.schema) {
      throw new MissingOwner(`The table ${name} is not declared, so its rows have no owner.`);
    }
    return declared;
  }

  #tableOf({ name }: DeclaredTable): TableNode {
    const { schema } = this.#reach;
    return schema === null ? TableNode.create(name) : TableNode.createWithSchema(schema, name);
  }
}

function equality(column: OperationNode, value: OperationNode): OperationNode {
  return BinaryOperationNode.create(column, OperatorNode.create("="), value);
}

/** The values stand in the statement itself, so that planners see that an index `WHERE` these values fits. */
function visibility({ visible }: DeclaredTable): OperationNode | null {
  const equalities = Object.entries(visible ?? {}).map(([column, value]) =>
    equality(ColumnNode.create(column), ValueNode.createImmediate(value)),
  );
  return equalities.length === 0 ? null : equalities.reduce((all, one) => AndNode.create(all, one));
}

/** SQL text behind the owner's condition could widen it, as in `… or 1 = 1`. */
function refuseEnding(
  { endModifiers = [] }: InsertQueryNode | UpdateQueryNode | DeleteQueryNode,
  { name }: DeclaredTable,
): void {
  if (endModifiers.length > 0) throw new MissingOwner(`A change of ${name} ends with its own conditions.`);
}

function refuseOwnerUpdates(
  updates: readonly ColumnUpdateNode[] | undefined,
  { name, owner }: DeclaredTable,
): void {
  for (const { column } of updates ?? []) {
    const named = ReferenceNode.is(column) ? column.column : column;
    const columnName = ColumnNode.is(named) ? named.column.name : null;
    // Column names are compared without case, as SQLite does even for quoted ones.
    if (columnName === null || columnName.toLowerCase() === owner.toLowerCase()) {
      throw new MissingOwner(`The owner of a row of ${name} cannot be changed.`);
    }
  }
}

/** Whether every row of the statement carries the owner. */
function isStamped(node: InsertQueryNode, declared: DeclaredTable, owner: string | null): boolean {
  const named = (node.columns ?? []).map(({ column }) => column.name.toLowerCase());
  const position = named.indexOf(declared.owner.toLowerCase());
  const once = position >= 0 && position === named.lastIndexOf(declared.owner.toLowerCase());
  if (owner === null || !once || node.values?.kind !== "ValuesNode") return false;
  const { values: rows } = node.values as OperationNode & { values: readonly RowNode[] };
  return rows.every(({ kind, values }) => {
    const value = values[position];
    if (kind === "PrimitiveValueListNode") return value === owner;
    return ValueNode.is(value as OperationNode) && (value as ValueNode).value === owner;
  });
}

interface RowNode {
  readonly kind: "PrimitiveValueListNode" | "ValueListNode";
  readonly values: readonly unknown[];
}

/**
 * Whether SQL text is one expression that reads no table of its own: no word that starts a query, no comment, no
 * semicolon, and outside of parentheses no comma and no word that goes on after an expression. What quotes otherwise than
 * by `'…'` and `"…"` is not judged.
 */
function isExpression(node: RawNode): boolean {
  const text = textOf(node);
  if (text === undefined || /\b(select|table|with|insert|update|delete|merge)\b|--|\/\*|;/i.test(text))
    return false;
  const unquoted = text.replace(/'[^']*'|"[^"]*"/g, "?").replace(/\bdistinct\s+from\b/gi, "=");
  const open = outsideOfParentheses(unquoted);
  return open !== undefined && !/['"`[\]\\$]/.test(unquoted) && !continuation.test(open);
}

const continuation =
  /,|\b(from|join|using|where|set|values|returning|group|having|window|union|intersect|except|order|limit|offset|fetch|for|on)\b/i;

/** The text with a mark in the place of each value; `undefined` where it names a table. */
function textOf({ sqlFragments, parameters }: RawNode): string | undefined {
  let text = "";
  for (const [index, fragment] of sqlFragments.entries()) {
    text += fragment;
    const parameter = parameters[index];
    if (parameter === undefined) continue;
    const inner = RawNode.is(parameter) ? textOf(parameter) : TableNode.is(parameter) ? undefined : " ? ";
    if (inner === undefined) return undefined;
    text += inner;
  }
  return text;
}

/** What stands outside of all parentheses; `undefined` where one closes what it did not open, or stays open. */
function outsideOfParentheses(text: string): string | undefined {
  let depth = 0;
  let outside = "";
  for (const character of text) {
    if (character === "(") depth += 1;
    if (character === ")") depth -= 1;
    if (depth < 0) return undefined;
    if (depth === 0) outside += character;
  }
  return depth === 0 ? outside : undefined;
}

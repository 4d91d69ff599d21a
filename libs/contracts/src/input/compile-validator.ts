/**
 * class-validator's own metadata, read once, as plain closures. A body that passes them is valid and is not shown to class-validator
 * at all; one that does not is, for its messages. So the decorators stay the one source of truth, and the valid path costs a
 * few microseconds instead of a hundred. A property test holds the two equal.
 *
 * It understands the kinds of rules that our requests use and refuses to compile any other.
 */
import { type ValidationArguments, getMetadataStorage } from 'class-validator';
import { type Shape, nestedShapesOf } from './field-decorators';

/** Says whether a plain value is valid; nothing about why not. */
export type CompiledValidator = (value: unknown) => boolean;

type Check = (owner: Readonly<Record<string, unknown>>) => boolean;

/** The fields of a request class: the properties that carry a rule. */
export function fieldsOf(shape: Shape): ReadonlySet<string> {
  const known = fields.get(shape) ?? new Set(Object.keys(rulesOf(shape)));
  fields.set(shape, known);
  return known;
}

const fields = new WeakMap<Shape, ReadonlySet<string>>();

function rulesOf(shape: Shape): Record<string, Rules> {
  const storage = getMetadataStorage();
  return storage.groupByPropertyName(storage.getTargetValidationMetadatas(shape, '', false, false));
}

/** @throws Error at start-up, naming the rule it does not understand */
export function compileValidator(shape: Shape): CompiledValidator {
  const known = fieldsOf(shape);
  const checks = Object.entries(rulesOf(shape)).map(([property, rules]) => compileProperty(shape, property, rules));
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    const owner = value as Readonly<Record<string, unknown>>;
    for (const key of Object.keys(owner)) if (!known.has(key)) return false;
    for (const check of checks) if (!check(owner)) return false;
    return true;
  };
}

type Rules = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>;

function compileProperty(shape: Shape, property: string, rules: Rules): Check {
  let optional = false;
  const predicates: CompiledValidator[] = [];
  for (const rule of rules) {
    switch (rule.type) {
      case 'conditionalValidation':
        if (rule.name !== 'isOptional') throw notUnderstood(shape, property, rule.name ?? rule.type);
        optional = true;
        break;
      case 'nestedValidation': {
        const nested = nestedShapesOf(shape).get(property);
        if (!nested) throw notUnderstood(shape, property, 'ValidateNested without our Nested');
        predicates.push(compileValidator(nested()));
        break;
      }
      case 'isDefined':
      case 'customValidation':
        predicates.push(...compileRule(rule));
        break;
      default:
        throw notUnderstood(shape, property, rule.type);
    }
  }
  return (owner) => {
    // Own only: a missing field must not be found on the prototype.
    const value = Object.hasOwn(owner, property) ? owner[property] : undefined;
    if (optional && (value === null || value === undefined)) return true;
    for (const predicate of predicates) if (!predicate(value)) return false;
    return true;
  };
}

function compileRule(rule: Rules[number]): CompiledValidator[] {
  return getMetadataStorage()
    .getTargetValidatorConstraints(rule.constraintCls)
    .map(({ instance }): CompiledValidator => {
      const about: ValidationArguments = {
        value: undefined,
        constraints: rule.constraints,
        targetName: '',
        object: {},
        property: rule.propertyName,
      };
      const holds = (value: unknown): boolean => instance.validate(value, about) === true;
      return rule.each ? (value) => (Array.isArray(value) ? value.every(holds) : holds(value)) : holds;
    });
}

function notUnderstood(shape: Shape, property: string, kind: string): Error {
  return new Error(
    `${shape.name}.${property}: the compiled validator does not understand "${kind}"; teach it in compile-validator.ts`,
  );
}

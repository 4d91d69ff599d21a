/** Validates a plain value against a request class: fast when it is valid, with pointers and codes when it is not. */
import { type ValidationError, validateSync } from 'class-validator';
import type { ErrorCode } from '#domain';
import { type CompiledValidator, compileValidator, fieldsOf } from './compile-validator';
import { type Shape, nestedShapesOf } from './field-decorators';
import { type FieldCode, isFieldCode } from './field-rules';
import { pointerStep } from './pointer';

/** One thing that is wrong, where. */
export interface FieldError {
  /** JSON Pointer into the body; for a query, `/` and the parameter's name. */
  readonly pointer: string;
  /** A rule of the field, or the code of a refusal that is about it. */
  readonly code: FieldCode | ErrorCode;
}

/** A body has at most 64 keys; more errors than this help nobody. */
const ERRORS_MAX = 32;

/**
 * @returns the errors; empty if it is valid. The closures are compiled when this is called, at start-up.
 */
export function validatorOf(shape: Shape): (value: unknown) => readonly FieldError[] {
  const isValid: CompiledValidator = compileValidator(shape);
  return (value) => {
    if (isValid(value)) return [];
    const errors = explain(shape, value);
    // The two are proved equal; should they ever differ, nothing is accepted that either of them refuses.
    return errors.length > 0 ? errors : [{ pointer: '', code: 'not_an_object' }];
  };
}

/**
 * What class-validator says about it. Unknown fields are found here and not by its `whitelist`, which looks names up in an object
 * with a prototype and lets `hasOwnProperty` pass as a field.
 *
 * @param value a plain object without the keys that readStrictJson refuses
 */
export function explain(shape: Shape, value: unknown): readonly FieldError[] {
  if (!isPlainObject(value)) return [{ pointer: '', code: 'not_an_object' }];
  const found = validateSync(instanceOf(shape, value)).flatMap((error) => flatten(error, ''));
  return [...unknownFields(shape, value, ''), ...found].slice(0, ERRORS_MAX);
}

type PlainObject = Readonly<Record<string, unknown>>;

function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownFields(shape: Shape, value: PlainObject, parent: string): FieldError[] {
  const known = fieldsOf(shape);
  const nested = nestedShapesOf(shape);
  return Object.keys(value).flatMap((key): FieldError[] => {
    const pointer = parent + pointerStep(key);
    if (!known.has(key)) return [{ pointer, code: 'unknown_field' }];
    const inner = value[key];
    const innerShape = nested.get(key);
    return innerShape && isPlainObject(inner) ? unknownFields(innerShape(), inner, pointer) : [];
  });
}

/** The known fields of a plain object in an instance of its class, which is what class-validator looks at. */
function instanceOf(shape: Shape, value: PlainObject): object {
  const instance: object = new shape();
  const nested = nestedShapesOf(shape);
  for (const key of fieldsOf(shape)) {
    if (!Object.hasOwn(value, key)) continue;
    const inner = value[key];
    const innerShape = nested.get(key);
    const placed = innerShape && isPlainObject(inner) ? instanceOf(innerShape(), inner) : inner;
    Object.defineProperty(instance, key, { value: placed, enumerable: true });
  }
  return instance;
}

function flatten(error: ValidationError, parent: string): FieldError[] {
  const pointer = parent + pointerStep(error.property);
  const codes = Object.entries(error.constraints ?? {}).map(([kind, message]) => codeOf(kind, message));
  // What is missing is also everything else that is wrong with it: one word is enough.
  const code = codes.includes('required') ? 'required' : codes[0];
  const own = code === undefined ? [] : [{ pointer, code }];
  const isObject = code !== 'required' && code !== 'not_an_object';
  return isObject ? [...own, ...(error.children ?? []).flatMap((child) => flatten(child, pointer))] : own;
}

function codeOf(kind: string, message: string): FieldCode {
  if (isFieldCode(message)) return message;
  throw new Error(`A rule "${kind}" says "${message}": give it a code of FIELD_RULES as its message`);
}

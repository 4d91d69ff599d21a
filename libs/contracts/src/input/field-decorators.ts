/** Decorators our requests need beyond class-validator's own. Each one is a predicate on plain JSON values. */
import { IsDefined, IsObject, IsOptional, ValidateBy, ValidateNested } from 'class-validator';
import { type FieldCode, rule } from './field-rules';

/** A class of a request, by its constructor. */
export type Shape<T extends object = object> = new () => T;

const nestedShapes = new WeakMap<Shape, Map<string, () => Shape>>();

/** The shapes of a class's nested objects, by property. */
export function nestedShapesOf(shape: Shape): ReadonlyMap<string, () => Shape> {
  return nestedShapes.get(shape) ?? new Map();
}

/**
 * A nested object. class-validator alone lets a missing one pass, and an array in its place: so defined and an object are
 * checked as well.
 */
export function Nested(shape: () => Shape, presence: 'required' | 'optional'): PropertyDecorator {
  return (target, property) => {
    const owner = target.constructor as Shape;
    const known = nestedShapes.get(owner) ?? new Map<string, () => Shape>();
    nestedShapes.set(owner, known.set(String(property), shape));
    if (presence === 'required') IsDefined(rule('required'))(target, property);
    else IsOptional()(target, property);
    IsObject(rule('not_an_object'))(target, property);
    ValidateNested(rule('not_an_object'))(target, property);
  };
}

/** A value that must be there and satisfy a predicate. */
export function Is(code: FieldCode, predicate: (value: unknown) => boolean, each = false): PropertyDecorator {
  return ValidateBy({ name: code, validator: { validate: predicate } }, { ...rule(code), each });
}

/** Must be there. `null` is not there. */
export function Required(): PropertyDecorator {
  return IsDefined(rule('required'));
}

/** May be left out; `null` means the same. */
export function Optional(): PropertyDecorator {
  return IsOptional();
}

package dev.glissade.withers.processor;

import static java.util.stream.Collectors.joining;

import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.WildcardType;

/** Writes types as Java source, with fully qualified names and with annotations in their place. */
final class SourceType {
  private SourceType() {}

  /** Returns the source of a type; {@code toString} of a type need not be valid source. */
  static String of(TypeMirror type) {
    if (type instanceof DeclaredType declared) {
      return declared(declared);
    }
    if (type instanceof ArrayType array) {
      String annotations = annotations(array);
      return of(array.getComponentType()) + (annotations.isEmpty() ? "" : " " + annotations) + "[]";
    }
    if (type instanceof WildcardType wildcard) {
      TypeMirror upper = wildcard.getExtendsBound();
      TypeMirror lower = wildcard.getSuperBound();
      return "?"
          + (upper == null ? "" : " extends " + of(upper))
          + (lower == null ? "" : " super " + of(lower));
    }
    return type.toString();
  }

  /** Puts annotations before the simple name: {@code java.util.@Nullable List<T>}. */
  private static String declared(DeclaredType type) {
    TypeElement element = (TypeElement) type.asElement();
    String qualified = element.getQualifiedName().toString();
    int simple = qualified.lastIndexOf('.') + 1;
    List<? extends TypeMirror> arguments = type.getTypeArguments();
    return qualified.substring(0, simple)
        + annotations(type)
        + qualified.substring(simple)
        + (arguments.isEmpty()
            ? ""
            : arguments.stream().map(SourceType::of).collect(joining(", ", "<", ">")));
  }

  private static String annotations(TypeMirror type) {
    return type.getAnnotationMirrors().stream()
        .map(AnnotationMirror::toString)
        .map(annotation -> annotation + " ")
        .collect(joining());
  }
}

package dev.glissade.withers.processor;

import static java.util.stream.Collectors.joining;

import dev.glissade.withers.Withers;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;

/** Writes an interface with setters for each record that is annotated with {@link Withers}. */
@SupportedAnnotationTypes("dev.glissade.withers.Withers")
public final class WithersProcessor extends AbstractProcessor {

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (Element element : round.getElementsAnnotatedWith(Withers.class)) {
      TypeElement type = (TypeElement) element;
      if (type.getKind() == ElementKind.RECORD) {
        write(type);
      } else {
        error(type, "@Withers must be on a record, but was on " + type.getSimpleName());
      }
    }
    return false;
  }

  private void write(TypeElement type) {
    String packageName =
        processingEnv.getElementUtils().getPackageOf(type).getQualifiedName().toString();
    String nested = type.getQualifiedName().toString();
    String own = packageName.isEmpty() ? nested : nested.substring(packageName.length() + 1);
    String name = own.replace('.', '_') + "Withers";
    String source = packageName.isEmpty() ? "" : "package " + packageName + ";\n\n";
    source += new Interface(type, own, name).text();
    String file = packageName.isEmpty() ? name : packageName + "." + name;
    try (Writer out = processingEnv.getFiler().createSourceFile(file, type).openWriter()) {
      out.write(source);
    } catch (IOException e) {
      error(type, "can't write " + file + ": " + e.getMessage());
    }
  }

  private void error(Element element, String sentence) {
    processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, sentence, element);
  }

  /** Writes the interface of one record. */
  private final class Interface {
    private final String own;
    private final String name;
    private final List<? extends RecordComponentElement> components;
    private final List<? extends TypeParameterElement> parameters;
    private final String record;
    private final ParamTags tags;

    /**
     * @param own the record's name within its package, such as Outer.Inner
     * @param name the interface's name
     */
    Interface(TypeElement type, String own, String name) {
      this.own = own;
      this.name = name;
      this.components = type.getRecordComponents();
      this.parameters = type.getTypeParameters();
      this.record = own + arguments(parameters.stream().map(Object::toString).toList());
      this.tags = ParamTags.of(processingEnv.getElementUtils().getDocComment(type));
      for (RecordComponentElement component : components) {
        if (tags.text(component.getSimpleName().toString()).isEmpty()) {
          error(
              component,
              "component %s of %s must have a @param in the record's Javadoc, but had none"
                  .formatted(component, own));
        }
      }
    }

    String text() {
      StringBuilder text = new StringBuilder();
      text.append("/**\n * Setters that return a copy of {@link " + own + "}.\n *\n");
      for (TypeParameterElement parameter : parameters) {
        String tag = "<" + parameter + ">";
        String documentation = tags.text(tag).replace('\n', ' ');
        text.append(
            " * @param %s %s\n"
                .formatted(tag, documentation.isEmpty() ? "as in the record" : documentation));
      }
      text.append(" * @hidden\n */\n");
      text.append(
          "public sealed interface %s%s permits %s {\n"
              .formatted(name, arguments(parameters.stream().map(this::bounded).toList()), own));
      for (RecordComponentElement component : components) {
        text.append(getter(component));
      }
      for (RecordComponentElement component : components) {
        text.append(setter(component));
      }
      return text.append("}\n").toString();
    }

    private String bounded(TypeParameterElement parameter) {
      return parameter
          + parameter.getBounds().stream()
              .map(SourceType::of)
              .collect(joining(" & ", " extends ", ""));
    }

    private static String arguments(List<String> arguments) {
      return arguments.isEmpty() ? "" : "<" + String.join(", ", arguments) + ">";
    }

    private String getter(RecordComponentElement component) {
      return """

        /**
         * Returns {@code %1$s}.
         *
         * @return %2$s
         */
        %3$s %1$s();
      """
          .formatted(
              component,
              tags.text(component.getSimpleName().toString()).replace("\n", "\n   *     "),
              SourceType.of(component.asType()));
    }

    private String setter(RecordComponentElement component) {
      String set = component.getSimpleName().toString();
      TypeMirror type = component.asType();
      String values =
          components.stream()
              .map(c -> c.getSimpleName().toString())
              .map(c -> c.equals(set) ? c : c + "()")
              .collect(joining(", "));
      String copy = "new %s%s(%s)".formatted(own, parameters.isEmpty() ? "" : "<>", values);
      String text = method(set, List.of(given(SourceType.of(type), set)), copy);
      return type instanceof DeclaredType declared ? text + overload(set, declared) : text;
    }

    /** Returns the setter that takes plain numbers, or "" if the component's type has none. */
    private String overload(String set, DeclaredType type) {
      TypeElement element = (TypeElement) type.asElement();
      String typeName = element.getQualifiedName().toString();
      return switch (typeName) {
        case "dev.glissade.Schedule" ->
            method(
                set,
                List.of(given("double", set)),
                "%1$s(dev.glissade.schedule.ConstantSchedule.named(\"%1$s\", %1$s))"
                    .formatted(set));
        case "java.lang.Double" ->
            method(set, List.of(given("double", set)), set + "((Double) " + set + ")");
        case "java.lang.Integer" ->
            method(set, List.of(given("int", set)), set + "((Integer) " + set + ")");
        default -> byParts(set, typeName, element.getRecordComponents());
      };
    }

    private String byParts(
        String set, String typeName, List<? extends RecordComponentElement> parts) {
      boolean numbers =
          parts.size() > 1
              && parts.stream().allMatch(part -> part.asType().getKind() == TypeKind.DOUBLE);
      if (!numbers) {
        return "";
      }
      List<Given> given =
          parts.stream()
              .map(part -> new Given("double", part.toString(), "part of {@code " + set + "}"))
              .toList();
      String values = given.stream().map(Given::name).collect(joining(", "));
      return method(set, given, "%s(new %s(%s))".formatted(set, typeName, values));
    }

    private Given given(String type, String component) {
      return new Given(type, component, tags.text(component));
    }

    private String method(String set, List<Given> given, String result) {
      return """

        /**
         * Returns a copy with this {@code %s}.
         *
      %s   * @return the copy, checked by the record's constructor
         */
        default %s %s(%s) {
          return %s;
        }
      """
          .formatted(
              set,
              given.stream().map(Given::tag).collect(joining()),
              record,
              set,
              given.stream().map(g -> g.type() + " " + g.name()).collect(joining(", ")),
              result);
    }
  }

  /** One parameter of a generated method. */
  private record Given(String type, String name, String documentation) {
    String tag() {
      return "   * @param " + name + " " + documentation.replace("\n", "\n   *     ") + "\n";
    }
  }
}

package dev.glissade;

import dev.glissade.fuse.codegen.LoopText;
import dev.glissade.fuse.graph.Graph;
import dev.glissade.fuse.graph.Node;
import dev.glissade.fuse.graph.Target;
import dev.glissade.fuse.kernel.ElementKernel;
import dev.glissade.fuse.plan.HostStep;
import dev.glissade.fuse.plan.Loop;
import dev.glissade.fuse.plan.Stage;
import dev.glissade.fuse.run.Execution;
import dev.glissade.fuse.run.PassReport;
import dev.glissade.fuse.tape.Fission;
import dev.glissade.fuse.tape.Section;
import dev.glissade.fuse.tape.Spills;
import dev.glissade.fuse.tape.Tape;
import dev.glissade.fuse.tape.VectorPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Prints one step at each stage of the engine, as docs/engine.md shows it. */
final class StepPrinter {
  private static final int WIDTH = 96;

  private final Execution execution;
  private final Graph graph;
  private final Map<Node, String> names;
  private final List<PassReport> reports;
  private final int size;

  private StepPrinter(CompiledStep<?> step, int size) {
    this.execution = step.execution();
    this.graph = execution.graph();
    this.names = step.names();
    this.reports = step.report();
    this.size = size;
  }

  /** Takes a step on one float32 leaf of this size and returns the text of each stage by name. */
  static <S> Map<String, String> stages(GradientTransformation<S> optimizer, int size) {
    Tree x = Tree.ofFloats(Map.of("w", new float[size]));
    S state = optimizer.init(x);
    CompiledStep.Key key = CompiledStep.Key.of(state, x, Extras.NONE, false);
    CompiledStep<S> step = CompiledStep.of(optimizer, key, x, state, x, Extras.NONE);
    step.run(x.copy(), Extras.NONE, 1, null, 1);
    StepPrinter printer = new StepPrinter(step, size);
    Map<String, String> stages = new LinkedHashMap<>();
    stages.put("graph", printer.graph());
    stages.put("scheduling", printer.scheduling());
    stages.put("fusion", printer.fusion());
    stages.put("fission", printer.fission());
    stages.put("spilling", printer.spilling());
    stages.put("code generation", printer.code());
    stages.put("passes", PassReport.table(printer.reports, size));
    return stages;
  }

  private String graph() {
    StringBuilder text = new StringBuilder();
    int scalars = 0;
    for (int id = 0; id < graph.nodes().size(); id++) {
      Node node = graph.node(id);
      boolean isTree = node.sort() == Node.Sort.TREE;
      if (isTree || node.kind() == Node.Kind.REDUCE) {
        String name = names.getOrDefault(node, operation(node, graph.operands(id)));
        text.append("%-4s = %s%n".formatted(value(id), isInput(node) ? "input " + name : name));
      } else {
        scalars++;
      }
    }
    for (Target target : graph.targets()) {
      String over = target.inPlace() == null ? "" : ", over " + value(graph.id(target.inPlace()));
      text.append("result %s%s%n".formatted(value(graph.id(target.node())), over));
    }
    return text.append("and %d scalars%n".formatted(scalars)).toString();
  }

  private static boolean isInput(Node node) {
    return node.kind() == Node.Kind.INPUT;
  }

  private String operation(Node node, int[] operands) {
    Object attribute = node.attribute() == null ? node.kind() : node.attribute();
    String name = attribute.toString().toLowerCase(Locale.ROOT);
    return name + " " + IntStream.of(operands).mapToObj(this::value).collect(joined());
  }

  private static java.util.stream.Collector<CharSequence, ?, String> joined() {
    return Collectors.joining(", ");
  }

  /** A tree's number, a scalar's number, or what a constant is. */
  private String value(int id) {
    Node node = graph.node(id);
    if (node.kind() == Node.Kind.CONSTANT) {
      return names.getOrDefault(node, shortened(node.value()));
    }
    return (node.sort() == Node.Sort.TREE ? "%" : "s") + id;
  }

  private static String shortened(double value) {
    return String.format(Locale.ROOT, "%.4g", value)
        .replaceFirst("(\\.\\d*?)0+($|e)", "$1$2")
        .replaceFirst("\\.($|e)", "$1");
  }

  private String scheduling() {
    StringBuilder text = new StringBuilder();
    List<Stage> stages = execution.stages();
    for (int k = 0; k < stages.size(); k++) {
      Stage stage = stages.get(k);
      text.append("stage %d%n".formatted(k + 1));
      StringJoiner host = new StringJoiner("; ");
      for (HostStep step : stage.host()) {
        host.add(value(step.id()) + " = " + operation(step.node(), step.operands()));
      }
      text.append(wrapped("  host    ", host.toString()));
      PassReport report = reports.get(k);
      text.append("  reads   %s%n".formatted(String.join(", ", report.reads().keySet())));
      text.append("  writes  %s%n".formatted(String.join(", ", report.writes().keySet())));
      String reduces = IntStream.of(stage.reduced()).mapToObj(this::value).collect(joined());
      text.append(reduces.isEmpty() ? "" : "  reduces %s%n".formatted(reduces));
    }
    return text.toString();
  }

  private static String wrapped(String indent, String words) {
    StringBuilder text = new StringBuilder(indent);
    int column = indent.length();
    for (String part : words.split("(?<=;) ")) {
      if (column + part.length() > WIDTH) {
        text.append("\n").append(" ".repeat(indent.length()));
        column = indent.length();
      }
      text.append(column == indent.length() ? "" : " ").append(part);
      column += part.length() + 1;
    }
    return text.append("\n").toString();
  }

  private String fusion() {
    StringBuilder text = new StringBuilder();
    forEachLoop((pass, loop) -> {
      Tape tape = loop.tape();
      text.append(
          "pass %d: %s, %d arrays, %d scalars, %d reductions%n"
              .formatted(
                  pass, tape.compute(), tape.arrays(), tape.scalars(), tape.reductions().size()));
      text.append(code(tape, array -> arrayName(loop, array), loop));
    });
    return text.toString();
  }

  private String code(Tape tape, IntFunction<String> array, Loop loop) {
    StringBuilder text = new StringBuilder();
    for (int register = 0; register < tape.code().size(); register++) {
      text.append(instruction(register, tape.code().get(register), array, loop));
    }
    return text.toString();
  }

  private String instruction(
      int register, Tape.Instruction code, IntFunction<String> array, Loop loop) {
    if (code instanceof Tape.Store store) {
      return "        store %s, r%d%n".formatted(array.apply(store.array()), store.a());
    }
    if (code instanceof Tape.Reduce reduce) {
      String node = value(loop.reductions()[reduce.reduction()]);
      String operands = reduce.a() == reduce.b() ? "" : ", r" + reduce.b();
      return "        reduce %s by %s r%d%s%n"
          .formatted(node, lower(reduce.kind()), reduce.a(), operands);
    }
    String computed;
    if (code instanceof Tape.Load load) {
      computed = "load " + array.apply(load.array());
    } else if (code instanceof Tape.Scalar scalar) {
      computed = "scalar " + value(loop.scalars()[scalar.scalar()]);
    } else if (code instanceof Tape.Unary unary) {
      computed = "%s r%d".formatted(lower(unary.op()), unary.a());
    } else if (code instanceof Tape.Binary binary) {
      computed = "%s r%d, r%d".formatted(lower(binary.op()), binary.a(), binary.b());
    } else {
      computed = code.toString();
    }
    return "  %-3s = %s%n".formatted("r" + register, computed);
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  private String arrayName(Loop loop, int array) {
    if (array >= loop.tape().arrays()) {
      return "temporary " + (array - loop.tape().arrays());
    }
    Loop.ArrayRef ref = loop.arrays()[array];
    return ref.ofTarget()
        ? "result " + ref.index()
        : names.getOrDefault(graph.node(ref.index()), "%" + ref.index());
  }

  private interface LoopAction {
    void accept(int pass, Loop loop);
  }

  private void forEachLoop(LoopAction action) {
    List<Stage> stages = execution.stages();
    for (int k = 0; k < stages.size(); k++) {
      for (Loop loop : stages.get(k).loops()) {
        action.accept(k + 1, loop);
      }
    }
  }

  private String fission() {
    StringBuilder text = new StringBuilder();
    forEachLoop((pass, loop) -> {
      text.append("pass %d, %d instructions%n".formatted(pass, loop.tape().code().size()));
      text.append(sections(loop, ((ElementKernel) loop.kernel()).sections()));
      VectorPlan vectors = VectorPlan.of(loop.tape());
      text.append(
          "  with the Vector API: %d loop, %d to retry reductions%n"
              .formatted(vectors.loops().size(), vectors.retries().size()));
    });
    return text.toString();
  }

  private String sections(Loop loop, List<Section> sections) {
    StringBuilder text = new StringBuilder();
    int number = 1;
    for (Section section : sections) {
      List<String> loads = new ArrayList<>();
      List<String> results = new ArrayList<>();
      for (Tape.Instruction code : section.tape().code()) {
        if (code instanceof Tape.Load load) {
          loads.add(arrayName(loop, section.arrays()[load.array()]));
        } else if (code instanceof Tape.Store store) {
          results.add(arrayName(loop, section.arrays()[store.array()]));
        } else if (code instanceof Tape.Reduce reduce) {
          results.add(value(loop.reductions()[reduce.reduction()]));
        }
      }
      text.append(
          "  section %d, %d instructions: %s -> %s%n"
              .formatted(
                  number++,
                  section.tape().code().size(),
                  String.join(", ", loads),
                  String.join(", ", results)));
    }
    return text.toString();
  }

  private String spilling() {
    Section.Limit limit = new Section.Limit(12, section -> section.tape().code().size() <= 12);
    StringBuilder text = new StringBuilder();
    forEachLoop((pass, loop) -> {
      Tape spilled = Spills.of(loop.tape(), limit);
      text.append(
          "pass %d, %d instructions, %d temporary array%s%n"
              .formatted(
                  pass,
                  spilled.code().size(),
                  spilled.temporaries(),
                  spilled.temporaries() == 1 ? "" : "s"));
      text.append(sections(loop, Fission.sections(spilled, root -> true, limit)));
    });
    return text.toString();
  }

  /** Returns the last section of the first pass. */
  private String code() {
    ElementKernel kernel = (ElementKernel) execution.stages().get(0).loops()[0].kernel();
    List<Section> sections = kernel.sections();
    return String.join("\n", LoopText.of(sections.get(sections.size() - 1))) + "\n";
  }
}

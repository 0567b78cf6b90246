package dev.glissade.bench;

import dev.glissade.checkpoint.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command that runs the benchmarks. */
@Command(
    name = "glissade bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Times optimizers against the speed of memory, hand-written loops and other libraries, in"
            + " turn, and prints medians.")
public final class Bench implements Callable<Integer> {
  private static final int LARGE = 100_000_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--sizes",
      split = ",",
      paramLabel = "N",
      description = "The numbers of elements in one leaf. Default: 1000,100000,1000000,10000000.")
  private List<Integer> sizes = List.of(1000, 100_000, 1_000_000, 10_000_000);

  @Option(
      names = "--large",
      description = "Also measures 100,000,000 elements (needs 8 GB of heap).")
  private boolean large;

  @Option(
      names = "--threads",
      split = ",",
      paramLabel = "N",
      description = "The numbers of threads, 1 or 2. Default: 1,2.")
  private List<Integer> threads = List.of(1, 2);

  @Option(
      names = "--optimizers",
      split = ",",
      paramLabel = "NAME",
      description = "Measures only these optimizers, named as in the table.")
  private List<String> optimizers = List.of();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "The number of rounds for a median, at least 20. Default: 21.")
  private int rounds = 21;

  @Option(
      names = "--trees",
      description =
          "Measures the tree of a transformer and a tree of 2,000 small leaves instead of --sizes.")
  private boolean trees;

  @Option(
      names = "--matrix",
      description = "Measures one matrix of 4096 x 4096 instead of --sizes.")
  private boolean matrix;

  @Option(
      names = "--shapes",
      split = ",",
      paramLabel = "RxC",
      description =
          "Measures matrices of these shapes instead of --sizes, as in 512x512,4096x1024: for muon,"
              + " galore and soap.")
  private List<String> matrices = List.of();

  @Option(names = "--all", description = "Measures all optimizers that need gradients alone.")
  private boolean all;

  @Option(
      names = "--compounds",
      description = "Also measures user-written chains and the sum of private training.")
  private boolean compounds;

  @Option(
      names = "--training",
      description =
          "Measures whole epochs of training instead, against torch if --python names a python that"
              + " has it.")
  private boolean training;

  @Option(
      names = "--start",
      description =
          "Measures the first 10, 100 and 1,000 steps of new programs instead, while the other"
              + " processors are busy.")
  private boolean start;

  @Option(
      names = "--searches",
      description =
          "Minimizes a logistic regression by L-BFGS instead, against SciPy if --python names a"
              + " python that has it.")
  private boolean searches;

  @Option(
      names = "--products",
      description = "Times the matrix products of Muon against OpenBLAS on its own memory instead.")
  private boolean products;

  @Option(
      names = "--scale",
      description =
          "Works out the step times of 2 to 512 executors of Spark from those of two, by a"
              + " simulation of the ring.")
  private boolean scale;

  @Mixin private ScaleOptions scaleOptions = new ScaleOptions();

  @Option(
      names = "--peers",
      description =
          "Also measures the optimizers of the JVM's frameworks, and ours through the adapters to"
              + " them (1 GB of jars).")
  private boolean peers;

  @Option(
      names = "--python",
      paramLabel = "FILE",
      description =
          "Also measures optax or torch with this python, which must have jax and optax, or torch.")
  private @Nullable Path python;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Also writes the rows as JSON to this file.")
  private @Nullable Path json;

  private final List<Row> rows = new ArrayList<>();

  /** Runs the benchmarks and exits. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Bench()).setParameterExceptionHandler(Bench::wrongArguments);
  }

  /** Says what is wrong on one line, as the other commands do, and where the help is. */
  private static int wrongArguments(CommandLine.ParameterException e, String[] arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("glissade: " + e.getMessage() + " (see \"glissade bench --help\")");
    err.flush();
    return CommandLine.ExitCode.USAGE;
  }

  @Override
  public Integer call() throws IOException {
    requireOptions();
    PrintWriter out = spec().commandLine().getOut();
    if (scale) {
      return printScale(out);
    }
    machine().forEach((name, value) -> out.println(name + ": " + value));
    if (products) {
      List<Map<String, Object>> measured = ProductBenchmark.measure(out);
      if (json != null) {
        write(json, measured);
      }
      return 0;
    }
    if (training || start || searches) {
      try (PythonPeers python = PythonPeers.start(this.python, start)) {
        List<Map<String, Object>> measured =
            training
                ? EpochBenchmark.measure(python, out)
                : start
                    ? StartBenchmark.measure(python, out)
                    : SearchBenchmark.measure(python, out);
        if (json != null) {
          write(json, measured);
        }
      }
      return 0;
    }
    out.println(Row.HEAD);
    List<Peer> others = new ArrayList<>();
    try (Crew crew = new Crew();
        HostPeers hosts = peers ? HostPeers.start() : HostPeers.none();
        PythonPeers original = PythonPeers.start(python, true)) {
      if (peers) {
        others.add(new FreshPeer());
      }
      others.addAll(hosts.peers());
      others.addAll(original.peers());
      for (TreeShape shape : shapes()) {
        for (int count : threads) {
          for (Workload workload : chosen()) {
            List<Row> group = Group.measure(crew, workload, shape, count, others, rounds);
            group.forEach(row -> out.println(row.line()));
            out.flush();
            rows.addAll(group);
          }
        }
      }
    }
    if (json != null) {
      write(json, rows.stream().map(Row::plain).toList());
    }
    return 0;
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("Bench must be called by its command line");
    }
    return spec;
  }

  private void requireOptions() {
    require(rounds >= 20, "--rounds must be at least 20, but was " + rounds);
    require(
        sizes.stream().allMatch(size -> size > 0 && size <= Integer.MAX_VALUE - 8),
        "--sizes must be positive, but was " + sizes);
    require(
        threads.stream().allMatch(count -> count == 1 || count == 2),
        "--threads must be 1 or 2, but was " + threads);
    List<String> names = workloads(true, true).stream().map(Workload::name).toList();
    for (String name : optimizers) {
      require(
          names.contains(name),
          "--optimizers must be among %s, but was \"%s\"".formatted(names, name));
    }
  }

  private int printScale(PrintWriter out) {
    try {
      scaleOptions.print(out);
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec().commandLine(), e.getMessage(), e);
    }
  }

  private void require(boolean held, String message) {
    if (!held) {
      throw new CommandLine.ParameterException(spec().commandLine(), message);
    }
  }

  private List<TreeShape> shapes() {
    List<TreeShape> shapes = new ArrayList<>();
    if (trees) {
      shapes.add(Shapes.small());
      shapes.add(Shapes.transformer());
      return shapes;
    }
    if (matrix) {
      shapes.add(Shapes.matrix());
      return shapes;
    }
    if (!matrices.isEmpty()) {
      matrices.forEach(shape -> shapes.add(shape(shape)));
      return shapes;
    }
    sizes.forEach(size -> shapes.add(TreeShape.vector(size)));
    if (large) {
      shapes.add(TreeShape.vector(LARGE));
    }
    return shapes;
  }

  private TreeShape shape(String text) {
    try {
      String[] lengths = text.split("x", -1);
      if (lengths.length == 2) {
        int rows = Integer.parseInt(lengths[0]);
        int columns = Integer.parseInt(lengths[1]);
        if (rows > 0 && columns > 0 && (long) rows * columns <= LARGE) {
          return TreeShape.matrix(rows, columns);
        }
      }
    } catch (NumberFormatException e) {
      // falls through to the sentence below
    }
    require(false, "--shapes must be rows x columns, such as 512x512, but was \"" + text + "\"");
    throw new IllegalStateException(text);
  }

  private List<Workload> workloads(boolean compound, boolean other) {
    List<Workload> workloads = new ArrayList<>(Workloads.optimizers());
    if (compound) {
      workloads.addAll(Workloads.compounds());
      workloads.add(Workloads.example());
    }
    if (other) {
      workloads.addAll(
          Workloads.others(
              matrix || !matrices.isEmpty() ? TreeShape.matrix(256, 256) : TreeShape.vector(4096)));
    }
    return workloads;
  }

  private List<Workload> chosen() {
    boolean named = !optimizers.isEmpty();
    List<Workload> workloads = workloads(compounds || named, all || named);
    workloads.removeIf(workload -> !optimizers.isEmpty() && !optimizers.contains(workload.name()));
    return workloads;
  }

  private static Map<String, String> machine() {
    Map<String, String> machine = new LinkedHashMap<>();
    machine.put("java", System.getProperty("java.vm.version"));
    machine.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    machine.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    return machine;
  }

  private static void write(Path file, List<?> rows) throws IOException {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("machine", machine());
    all.put("rows", rows);
    Files.writeString(file, Json.STRICT.pretty(all));
  }
}

package dev.glissade.bench;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The optimizers of the JVM's frameworks, and ours through the adapters to them. Each framework has
 * a process of its own: the native code of two of them does not fit into one, nor do the versions
 * of the libraries that they depend on.
 */
final class HostPeers implements AutoCloseable {
  /** The classes that answer, by module. */
  private static final Map<String, String> SERVERS =
      new TreeMap<>(
          Map.of(
              "djl", "dev.glissade.djl.BenchSubjects",
              "dl4j", "dev.glissade.dl4j.BenchSubjects",
              "pytorch", "dev.glissade.pytorch.BenchSubjects",
              "tensorflow", "dev.glissade.tensorflow.BenchSubjects",
              "tribuo", "dev.glissade.tribuo.BenchSubjects"));

  /** The package that loops on memory outside of the heap need with JDK 17. */
  private static final String INTERNAL = "jdk.internal.vm.vector";

  private static final long WARM_NANOS = 4_000_000_000L;

  private final List<PeerProcess> processes = new ArrayList<>();

  private HostPeers() {}

  /** Returns no processes. */
  static HostPeers none() {
    return new HostPeers();
  }

  /** Starts the processes, which the build of the profile {@code hosts} has prepared. */
  static HostPeers start() throws IOException {
    HostPeers peers = new HostPeers();
    try {
      for (Map.Entry<String, String> server : SERVERS.entrySet()) {
        peers.processes.add(
            PeerProcess.start(
                server.getKey(),
                true,
                WARM_NANOS,
                command(folder().resolve(server.getKey()), server)));
      }
    } catch (IOException | RuntimeException e) {
      peers.close();
      throw e;
    }
    return peers;
  }

  /** Returns the folder of all modules: this class is in bench/target. */
  private static Path folder() {
    try {
      Path own = Path.of(Bench.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path folder = own.getParent();
      while (folder != null && !Files.isDirectory(folder.resolve("bench"))) {
        folder = folder.getParent();
      }
      if (folder != null) {
        return folder;
      }
      throw new IllegalStateException(
          "--peers must run in a folder with Glissade's modules, but ran in " + own);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> command(Path module, Map.Entry<String, String> server)
      throws IOException {
    Path target = module.resolve("target");
    Path others = target.resolve("peers.classpath");
    if (!Files.exists(others)) {
      throw new IllegalStateException(
          "--peers must have %s, which \"mvn package -Phosts\" writes, but it was missing"
              .formatted(others));
    }
    String path =
        String.join(
            File.pathSeparator,
            target.resolve("test-classes").toString(),
            target.resolve("classes").toString(),
            Files.readString(others).strip());
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
      command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    }
    if (Object.class.getModule().isExported(INTERNAL, HostPeers.class.getModule())) {
      command.addAll(List.of("--add-exports", "java.base/" + INTERNAL + "=ALL-UNNAMED"));
    }
    command.addAll(List.of("-cp", path, server.getValue()));
    return command;
  }

  /** Returns the optimizers of all frameworks, theirs and ours. */
  List<Peer> peers() {
    List<Peer> peers = new ArrayList<>();
    processes.forEach(process -> peers.addAll(process.peers()));
    return peers;
  }

  @Override
  public void close() {
    processes.forEach(PeerProcess::close);
  }
}

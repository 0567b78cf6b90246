package dev.glissade.consumer;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** The main sources of all modules of the project. */
final class Sources {
  static final Path ROOT = Path.of("..");

  private Sources() {}

  /** Returns the files of all classes, without those of modules and packages. */
  static List<Path> classes() throws IOException {
    return files().stream().filter(file -> !file.toString().endsWith("-info.java")).toList();
  }

  private static List<Path> files() throws IOException {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.sorted().toList()) {
        Path main = module.resolve("src/main/java");
        if (Files.isDirectory(main)) {
          try (Stream<Path> files = Files.walk(main)) {
            files.filter(file -> file.toString().endsWith(".java")).sorted().forEach(sources::add);
          }
        }
      }
    }
    return sources;
  }

  /** Takes a parsed file and what reads its Javadoc and its positions. */
  interface Reader {
    void read(CompilationUnitTree unit, DocTrees trees);
  }

  /** Parses files, without looking up what their names mean, and hands each to a reader. */
  static void parse(List<Path> files, Reader reader) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      DocTrees trees = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        reader.read(unit, trees);
      }
    }
  }

  /** Returns the number of a line of a tree in its file. */
  static long line(CompilationUnitTree unit, Trees trees, Tree tree) {
    long start = trees.getSourcePositions().getStartPosition(unit, tree);
    return unit.getLineMap().getLineNumber(start);
  }
}

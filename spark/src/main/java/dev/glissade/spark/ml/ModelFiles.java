package dev.glissade.spark.ml;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.function.BiFunction;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsReader$;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import scala.Option;

/**
 * Saves a model as spark.ml does, params as JSON in {@code metadata}, and its network as a
 * checkpoint, {@code data/model.safetensors}.
 */
final class ModelFiles {
  private static final String FILE = "data/model.safetensors";

  private ModelFiles() {}

  /** Writes a model. */
  static final class Writer extends MLWriter {
    private final Params model;
    private final TrainedNetwork network;

    Writer(Params model, TrainedNetwork network) {
      this.model = model;
      this.network = network;
    }

    @Override
    public void saveImpl(String path) {
      Path file = new Path(path, FILE);
      try {
        new DefaultParamsWriter(model).session(sparkSession()).save(path);
        FileSystem files = file.getFileSystem(sc().hadoopConfiguration());
        try (OutputStream out = files.create(file, false)) {
          out.write(network.save());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads a model. */
  static final class Reader<M extends Params> extends MLReader<M> {
    private final Class<M> type;
    private final BiFunction<String, TrainedNetwork, M> make;

    Reader(Class<M> type, BiFunction<String, TrainedNetwork, M> make) {
      this.type = type;
      this.make = make;
    }

    @Override
    public M load(String path) {
      DefaultParamsReader.Metadata metadata =
          DefaultParamsReader$.MODULE$.loadMetadata(path, sc(), type.getName());
      M model = make.apply(metadata.uid(), network(path, sc()));
      metadata.getAndSetParams(model, Option.empty());
      return model;
    }

    private static TrainedNetwork network(String path, SparkContext context) {
      Path file = new Path(path, FILE);
      try {
        FileSystem files = file.getFileSystem(context.hadoopConfiguration());
        int length = Math.toIntExact(files.getFileStatus(file).getLen());
        byte[] saved = new byte[length];
        try (FSDataInputStream in = files.open(file)) {
          in.readFully(saved);
        }
        return TrainedNetwork.load(saved);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

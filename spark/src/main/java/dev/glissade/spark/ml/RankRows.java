package dev.glissade.spark.ml;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * The rows that one task trains on.
 *
 * @param blocks its blocks, in the order of the dataset
 * @param zeros the scaled features of a row of zeros
 */
record RankRows(RowBlock[] blocks, float[] zeros) implements Serializable {

  /**
   * Distributes rows evenly, in blocks, by one shuffle: a barrier stage admits no partitions of
   * partitions, and what is shuffled need not be computed again. Each task has the same blocks in
   * the same order, however the shuffle goes.
   */
  static JavaRDD<RankRows> of(
      JavaRDD<Row> data,
      RowFormat format,
      RowBlock.Scale scale,
      DataSummary summary,
      int partitions) {
    long[] rows = summary.rows();
    long[] starts = new long[rows.length];
    for (int i = 1; i < rows.length; i++) {
      starts[i] = starts[i - 1] + rows[i - 1];
    }
    FeatureScaling features = scale.features();
    return data.mapPartitionsWithIndex(
            (Integer index, Iterator<Row> in) ->
                RowBlock.blocks(in, format, scale, starts[index], rows[index]),
            true)
        .mapToPair(block -> new Tuple2<>(block.start(), block))
        .partitionBy(new Contiguous(summary.count(), partitions))
        .mapPartitions(in -> List.of(sorted(in, features)).iterator(), true)
        .setName("rows of each task");
  }

  private static RankRows sorted(Iterator<Tuple2<Long, RowBlock>> in, FeatureScaling features) {
    List<RowBlock> blocks = new ArrayList<>();
    in.forEachRemaining(pair -> blocks.add(pair._2()));
    blocks.sort(Comparator.comparingLong(RowBlock::start));
    return new RankRows(blocks.toArray(RowBlock[]::new), features.zeros());
  }

  /** Assigns blocks by their first row. */
  private static final class Contiguous extends Partitioner {
    private static final long serialVersionUID = 1;
    private final long rows;
    private final int partitions;

    Contiguous(long rows, int partitions) {
      this.rows = rows;
      this.partitions = partitions;
    }

    @Override
    public int numPartitions() {
      return partitions;
    }

    @Override
    public int getPartition(Object start) {
      return (int) ((Long) start * (double) partitions / rows);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Contiguous own && own.rows == rows && own.partitions == partitions;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(rows) * 31 + partitions;
    }
  }
}

package dev.glissade.spark;

/** How the gradients of the partitions are added up. Both engines give the same bits. */
public enum SparkEngine {
  /**
   * One job for all steps. Each partition has a task that keeps the parameters and the optimizer's
   * state; the tasks add up their gradients among themselves, over sockets in a ring. A step costs
   * the time to move the gradients. All tasks must run at the same time, so the cluster needs a
   * slot for each partition, and dynamic allocation must be off.
   */
  BARRIER,

  /**
   * One job for each step: the driver sends the parameters, gets each partition's gradients, adds
   * them up and steps. A step costs a job, 0.1 s and more, and the driver's network. Tasks run when
   * there is a slot, so it suits dynamic allocation and executors that come and go.
   */
  AGGREGATE
}

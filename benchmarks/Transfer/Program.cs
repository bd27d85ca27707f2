using Lanyard.Benchmarks;

switch (args)
{
    case ["plan"]: Planning.Run(); break;
    case ["copy"]: Copying.OverSharedMemory(); break;
    case ["mpi"]: Copying.OverMpi(); break;
    case ["other", var path]: Copying.Other(path); break;
    case ["scale"]: Scale.Run(); break;
    default: Console.WriteLine("plan: the time of a plan; copy: from process to process over shared memory against memcpy; mpi: the same over Open MPI; scale: 1,024 ranks on paper"); break;
}

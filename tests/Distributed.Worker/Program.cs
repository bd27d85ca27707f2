using Lanyard.Distributed;
using Lanyard.Distributed.Worker;

// CASE FOLDER: one of the ranks that tests start by mpirun. What it finds it writes into the folder, a file for each rank.
// race FOLDER ADDRESS: threads that create the same records in a store, as those of another process do.
var (which, folder) = (args[0], args[1]);
if (which == "race") return StoreRace.Run(folder, args[2]);
return MpiRuntime.Run(mpi =>
{
    var checks = new Checks(folder, mpi.Rank);
    switch (which)
    {
        case "all":
            CollectiveChecks.Run(checks, mpi);
            RefusalChecks.Run(checks, mpi);
            MessageChecks.Run(checks, mpi);
            GroupChecks.Run(checks, mpi);
            ModelChecks.Run(checks, mpi, args[2]);
            break;
        case "alone":
            GroupChecks.Alone(checks, mpi);
            break;
        case "fails":
            if (mpi.Rank == 1) throw new InvalidOperationException("the second rank gives up");
            mpi.Barrier();
            break;
        case "waits":
            // Until a process is killed. The barrier is never whole.
            File.WriteAllText(Path.Combine(folder, $"process-{mpi.Rank}.part"), $"{Environment.ProcessId}");
            File.Move(Path.Combine(folder, $"process-{mpi.Rank}.part"), Path.Combine(folder, $"process-{mpi.Rank}"));
            if (mpi.Rank == 1) Thread.Sleep(Timeout.Infinite);
            mpi.Barrier();
            break;
        default:
            throw new ArgumentException($"There is no case {which}.");
    }
    return 0;
});

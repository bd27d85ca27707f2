using Lanyard.Distributed;

namespace Lanyard.Ranks;

/// <summary>What the five processes do, each its own part: four ranks of an engine, and a trainer. All of them tell the first one what they found.</summary>
internal sealed class Walkthrough(MpiRuntime mpi, string directory)
{
    private const int TensorSize = 2;
    private const int ExpertSize = 2;
    private const int Trainer = TensorSize * ExpertSize;

    /// <returns>0 if every check held.</returns>
    public int Run()
    {
        if (mpi.Size != Trainer + 1)
        {
            Console.Error.WriteLine($"ranks: start {Trainer + 1} processes, mpirun -np {Trainer + 1}; this job has {mpi.Size}");
            return 2;
        }
        var texts = new Texts(mpi.Messages);
        var groups = mpi.Groups(TensorSize, ExpertSize);

        // What they decide is in a folder that all see. An engine keeps it: a job that is started again asks there which version it must load.
        var store = texts.FromFirst(() => Directory.CreateTempSubdirectory("lanyard-ranks-").FullName);
        var findings = groups is null
            ? new TrainerRank(mpi, directory).Run(TransferSide.RanksOf(TensorSize, ExpertSize))
            : new EngineRank(mpi, groups, directory, new FolderDecisionStore(store)).Run(Trainer);

        mpi.Barrier();
        if (mpi.Rank == 0) Directory.Delete(store, recursive: true);
        var all = texts.ToFirst(findings.Write());
        var hold = all is null || Report.Show([.. all.Select(Findings.Read)]);
        return hold ? 0 : 1;
    }
}

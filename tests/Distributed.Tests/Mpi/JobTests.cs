using System.Diagnostics;
using Lanyard.Distributed.Tests.Programs;
using Lanyard.Tests;

namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>How a job begins and ends.</summary>
public sealed class JobTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);

    [MpiFact]
    public void A_rank_that_fails_ends_the_job_and_says_why()
    {
        using var job = new MpiJob(3, "fails");
        Assert.NotEqual(0, job.End(Timeout));
        Assert.Contains("Rank 1 of 3 failed and ends the job: System.InvalidOperationException: the second rank gives up", job.Lines, StringComparison.Ordinal);
    }

    [MpiFact]
    public void The_death_of_a_rank_ends_the_job()
    {
        using var job = new MpiJob(3, "waits");
        var processes = Enumerable.Range(0, 3).Select(job.Process).ToArray();
        using (var second = Process.GetProcessById(processes[1])) second.Kill();
        Assert.NotEqual(0, job.End(Timeout));
        Assert.True(SpinWait.SpinUntil(() => processes.All(HasEnded), Timeout), job.Lines);
    }

    [MpiFact]
    public void One_rank_is_a_job_too()
    {
        using var job = new MpiJob(1, "alone");
        Assert.True(job.End(Timeout) == 0, job.Lines);
        Assert.Equal(["alone: ok"], Assert.Single(job.Found()));
    }

    [LinuxFact("Open MPI has another name elsewhere")]
    public void Without_mpirun_a_process_is_alone_or_says_that_the_library_lacks()
    {
        using var folder = new ScratchFolder();
        using var alone = new Started(Repository.Dotnet, Repository.Worker, "alone", folder.Path);
        if (alone.End(Timeout) == 0) Assert.Equal(["alone: ok"], File.ReadAllLines(Path.Combine(folder.Path, "rank-0.txt")));
        else Assert.Contains("Lanyard.MpiException: Open MPI: its library libmpi.so.40 is not where the loader looks. Start the program by mpirun", alone.Lines, StringComparison.Ordinal);
    }

    // One that nobody has taken notice of yet is there in name only.
    private static bool HasEnded(int process)
    {
        var status = $"/proc/{process}/status";
        try
        {
            return File.ReadLines(status).Any(line => line.StartsWith("State:\tZ", StringComparison.Ordinal));
        }
        catch (IOException)
        {
            // The file goes with the process.
            return true;
        }
    }
}

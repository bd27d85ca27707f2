using Lanyard.Distributed.Tests.Programs;
using Lanyard.Tests;

namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>The sample: four ranks of Llama 4 and a trainer.</summary>
public sealed class SampleTests
{
    [MpiFact]
    public void Four_ranks_load_take_new_weights_from_a_trainer_and_keep_them_when_one_fails()
    {
        using var sample = new Started("bash", Repository.Script("mpi.sh"), "-np", "5", Repository.Dotnet, Repository.Sample, Fixtures.Path("llama4"));
        var code = sample.End(TimeSpan.FromMinutes(3));
        Assert.True(code == 0 && sample.Lines.Contains("All 29 checks held, on 5 processes.", StringComparison.Ordinal), $"It ended with {code}:\n{sample.Lines}");
        Assert.Contains("was abandoned on all ranks, because of rank 2: no memory is left, on purpose. They keep step-2.", sample.Lines, StringComparison.Ordinal);
    }
}

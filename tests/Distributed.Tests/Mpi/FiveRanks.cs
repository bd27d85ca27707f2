using Lanyard.Tests;

namespace Lanyard.Distributed.Tests.Mpi;

/// <summary>One job of five ranks, which make all checks that need no job of their own, when the first test asks.</summary>
public sealed class FiveRanks
{
    private const int Ranks = 5;

    private readonly Lazy<IReadOnlyList<string[]>> _found = new(() =>
    {
        using var job = new MpiJob(Ranks, "all", Fixtures.Path("llama4"));
        var code = job.End(TimeSpan.FromMinutes(4));
        var found = job.Found();
        return code == 0 && found.Count == Ranks ? found : throw new InvalidOperationException($"The ranks ended with {code}, and {found.Count} of {Ranks} have said something:\n{job.Lines}\n{string.Join("\n", found.SelectMany(lines => lines))}");
    });

    /// <summary>Fails unless every rank has found a section as it should be.</summary>
    public void AllHave(string section)
    {
        foreach (var lines in _found.Value) Assert.Equal([$"{section}: ok"], lines.Where(line => line.StartsWith(section + ": ", StringComparison.Ordinal)));
    }

    /// <summary>The sections that the ranks have.</summary>
    public IEnumerable<string> Sections() => _found.Value.SelectMany(lines => lines).Select(line => line[..line.IndexOf(": ", StringComparison.Ordinal)]).Distinct();
}

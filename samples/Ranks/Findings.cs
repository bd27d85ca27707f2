namespace Lanyard.Ranks;

/// <summary>What one process has found: claims, and whether they held.</summary>
/// <param name="name">Which process it is.</param>
internal sealed class Findings(string name)
{
    private const char Between = '\t';

    private readonly List<(string Claim, bool Holds, string Detail)> _found = [];

    /// <summary>Which process it is.</summary>
    public string Name => name;

    /// <summary>The claims in their order.</summary>
    public IEnumerable<(string Claim, bool Holds, string Detail)> Found => _found;

    /// <summary>Notes whether a claim held.</summary>
    /// <param name="claim">The claim, in the same words in all processes that make it.</param>
    /// <param name="holds">Whether it held.</param>
    /// <param name="detail">What this process has seen.</param>
    public void Check(string claim, bool holds, string detail = "") => _found.Add((claim, holds, detail));

    /// <summary>A text to be sent.</summary>
    public string Write() => string.Join('\n', _found.Select(found => string.Join(Between, found.Claim, found.Holds, found.Detail.ReplaceLineEndings(" "))).Prepend(name));

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    public static Findings Read(string text)
    {
        var lines = text.Split('\n');
        var findings = new Findings(lines[0]);
        foreach (var parts in lines.Skip(1).Select(line => line.Split(Between))) findings.Check(parts[0], bool.Parse(parts[1]), parts[2]);
        return findings;
    }
}

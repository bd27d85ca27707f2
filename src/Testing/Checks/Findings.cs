namespace Lanyard.Testing.Checks;

/// <summary>What the checks of one class have found, and what they could not look at.</summary>
internal sealed class Findings
{
    private readonly List<ModelTestProblem> _problems = [];
    private readonly List<string> _notes = [];

    /// <summary>What is wrong.</summary>
    public IReadOnlyList<ModelTestProblem> Problems => _problems;

    /// <summary>What was not looked at, and why.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Adds something that is wrong.</summary>
    public void Add(ModelTestCheck check, string where, string name, string detail)
    {
        var problem = new ModelTestProblem(check, where, name, detail);
        if (!_problems.Contains(problem)) _problems.Add(problem);
    }

    /// <summary>Adds a note.</summary>
    public void Note(string note)
    {
        if (!_notes.Contains(note)) _notes.Add(note);
    }

    /// <summary>Does a part of a check; what it throws, be it the author's own, is a finding.</summary>
    /// <returns>Whether it threw nothing.</returns>
    public bool Try(ModelTestCheck check, string where, Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (Exception e)
        {
            Add(check, where, "", $"{(e is LoadException or ExportException or ModelStateException or ArgumentException ? "" : $"{e.GetType().Name}: ")}{e.Message}");
            return false;
        }
    }
}

namespace Lanyard.Distributed.Worker;

/// <summary>What one rank has found, section by section, in a file of its own. What is wrong is written down, and the rank goes on: the others wait for it.</summary>
internal sealed class Checks(string folder, int rank)
{
    private readonly string _file = Path.Combine(folder, $"rank-{rank}.txt");
    private readonly List<string> _wrong = [];

    /// <summary>Makes the checks of a section.</summary>
    public void Section(string name, Action<Checks> checks)
    {
        _wrong.Clear();
        checks(this);
        File.AppendAllLines(_file, _wrong.Count == 0 ? [$"{name}: ok"] : _wrong.Select(wrong => $"{name}: {wrong.ReplaceLineEndings(" ")}"));
    }

    /// <summary>Notes what is not so.</summary>
    public void That(bool isSo, string what)
    {
        if (!isSo) _wrong.Add(what);
    }

    /// <summary>Notes where an exception does not come, or says something else.</summary>
    public void Throws<T>(Action action, string what, params string[] says)
        where T : Exception
    {
        try
        {
            action();
            _wrong.Add($"{what}: nothing was thrown");
        }
        catch (T exception)
        {
            _wrong.AddRange(says.Where(text => !exception.Message.Contains(text, StringComparison.Ordinal)).Select(text => $"{what}: \"{text}\" is not in: {exception.Message}"));
        }
    }
}

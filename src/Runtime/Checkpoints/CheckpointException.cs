namespace Lanyard;

/// <summary>
/// A checkpoint cannot be opened, read or written. The message names the file and says what is wrong and where: a byte offset, a
/// position in the JSON, or the name of a tensor.
/// </summary>
public sealed class CheckpointException : LanyardException
{
    // A header of 100 MB can have a million of them.
    private const int MaxProblemsInMessage = 20;

    /// <summary>Reports one problem.</summary>
    /// <param name="file">The file or folder that is wrong.</param>
    /// <param name="problem">What is wrong, and where.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public CheckpointException(string file, string problem, Exception? innerException = null)
        : this(file, [problem], innerException)
    {
    }

    /// <summary>Reports all problems found.</summary>
    /// <param name="file">The file or folder that is wrong.</param>
    /// <param name="problems">What is wrong, and where; at least one.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public CheckpointException(string file, IReadOnlyList<string> problems, Exception? innerException = null)
        : base(Format(file, problems), innerException)
    {
        FileName = file;
        Problems = problems;
    }

    /// <summary>The path of the file or folder that is wrong.</summary>
    public string FileName { get; }

    /// <summary>What is wrong, all of it; the message holds the first ones.</summary>
    public IReadOnlyList<string> Problems { get; }

    private static string Format(string file, IReadOnlyList<string> problems)
    {
        if (problems.Count == 1)
        {
            return $"{file}: {problems[0]}";
        }

        string lines = string.Concat(problems.Take(MaxProblemsInMessage).Select(p => $"{Environment.NewLine}  {p}"));
        int more = problems.Count - MaxProblemsInMessage;
        return $"{file}: {problems.Count} problems:{lines}{(more > 0 ? $"{Environment.NewLine}  and {more} more" : "")}";
    }
}

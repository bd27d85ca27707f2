namespace Lanyard;

/// <summary>A model configuration cannot be used. The message names the file and every key that is missing or wrong.</summary>
public sealed class ConfigException : LanyardException
{
    /// <summary>Lists everything that is wrong with a configuration.</summary>
    /// <param name="source">The file, or what stands for it.</param>
    /// <param name="problems">One sentence for each problem, without a full stop.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public ConfigException(string source, IReadOnlyList<string> problems, Exception? innerException = null)
        : base($"{source} cannot be used:{string.Concat(problems.Select(problem => $"{Environment.NewLine}  {problem}"))}", innerException)
    {
        ConfigSource = source;
        Problems = problems;
    }

    /// <summary>The file, or what stands for it.</summary>
    public string ConfigSource { get; }

    /// <summary>One sentence for each problem, with the name of the key.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Throws where values of a configuration that was written in code are wrong.</summary>
    /// <param name="source">The class of the configuration.</param>
    /// <param name="constraints">What is wrong, each with the keys that it concerns, the first of which begins the sentence.</param>
    internal static void ThrowIfAny(string source, IEnumerable<(string[] Keys, string Problem)> constraints)
    {
        var problems = constraints.Select(constraint => $"{constraint.Keys[0]} {constraint.Problem}").ToList();
        if (problems.Count > 0) throw new ConfigException(source, problems);
    }
}

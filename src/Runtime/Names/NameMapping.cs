using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Lanyard.Names;

namespace Lanyard;

/// <summary>
/// Other names of tensors than a model's classes declare, for who only uses the classes: what comes is renamed or left alone before anything is
/// looked up, and an export names tensors backwards. It is data, which may stand in a configuration file, or code.
/// </summary>
public sealed record NameMapping
{
    /// <summary>What is renamed; the first that matches counts, once.</summary>
    public ImmutableArray<Rename> Renames { get; init; } = [];

    /// <summary>
    /// Names of tensors to leave alone, before renames are looked at; <c>*</c> stands for any text without a dot, <c>**</c> for any text. One that
    /// matches nothing in a checkpoint is an error; where there need not be any, use a <see cref="Rename"/> to null that is optional.
    /// </summary>
    public ImmutableArray<string> Ignore { get; init; } = [];

    /// <summary>
    /// Code that is given each name first, and gives the name to go on with or null to leave the tensor alone. It may be called more than once for a name,
    /// from several threads. There is no way back: an export is refused.
    /// </summary>
    [JsonIgnore]
    public Func<string, string?>? Code { get; init; }

    /// <summary>What is not well declared, or null.</summary>
    internal string? Fault()
    {
        if (Renames.IsDefault || Ignore.IsDefault || Renames.Contains(null!) || Ignore.Contains(null!)) return "A list of renames or ignores is null, or something in it is.";
        if (Ignore.Concat(Renames.Select(rename => rename.From)).Any(string.IsNullOrEmpty)) return "A pattern is empty, and matches no tensor.";
        return Renames.FirstOrDefault(rename => rename.To is not null && !Glob.Stars(rename.From).SequenceEqual(Glob.Stars(rename.To))) is { } wrong
            ? $"\"{wrong.From}\" and \"{wrong.To}\" must have the same stars in the same order: each stands for what the other one's does."
            : null;
    }
}

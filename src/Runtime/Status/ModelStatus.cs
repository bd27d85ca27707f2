using System.Collections.Immutable;
using System.Globalization;

namespace Lanyard;

/// <summary>How a model is, with everything below it.</summary>
/// <param name="State">The worst state of any module: disposed, torn, incomplete, refitting, building, loaded.</param>
/// <param name="Modules">The checkpoint paths of the modules that have it, names folded; empty where all is loaded. The root's own path is empty.</param>
/// <param name="Reason">Why, where it is not loaded.</param>
/// <param name="Generation">The root's <see cref="ParameterSet.Generation"/>.</param>
/// <param name="Version">The root's <see cref="ParameterSet.Version"/>.</param>
public sealed record ModelStatus(ModelState State, ImmutableArray<string> Modules, string? Reason, long Generation, string? Version)
{
    /// <summary>Whether a pass runs: all modules are loaded, or were filled by hand.</summary>
    public bool IsReady { get; init; }

    /// <summary>What goes on with the model or a part of it.</summary>
    public ImmutableArray<OpenSession> Sessions { get; init; } = [];

    /// <summary>Whether weights are being brought.</summary>
    public bool IsUpdating => Sessions.Any(session => session.IsUpdate);

    /// <summary>How many readings are open of the root: what a commit waits for.</summary>
    public int Readings { get; init; }

    /// <summary>When the oldest of them began, UTC; null where there are none.</summary>
    public DateTime? OldestReading { get; init; }

    /// <summary>The status in one line, for a log or a health page.</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{State}, generation {Generation}{(Version is null ? "" : $", version {NameFolding.Shown(Version)}")}");
        if (Reason is not null) text += $": {Reason}";
        if (Modules.Any(path => path.Length > 0)) text += $" ({string.Join(", ", Modules.Where(path => path.Length > 0))})";
        foreach (var session in Sessions) text += $"; {session}";
        if (Readings > 0) text += string.Create(CultureInfo.InvariantCulture, $"; {Readings} {(Readings == 1 ? "reading" : "readings")}, the oldest since {(DateTime.UtcNow - OldestReading!.Value).TotalSeconds:0.#} s");
        return text;
    }
}

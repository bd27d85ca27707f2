using System.Globalization;
using System.Text.RegularExpressions;

namespace Lanyard.Lora;

/// <summary>
/// Which modules of a base have an adapter, by their paths. Source: PEFT 0.21, <c>peft/tuners/tuners_utils.py</c>, <c>check_target_module_exists</c>.
/// </summary>
internal sealed class LoraTargets
{
    private const string All = "all-linear";

    // Patterns come from whoever made the adapter.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly List<string> _names;
    private readonly List<string> _excluded;
    private readonly List<int>? _layers;
    private readonly Regex? _pattern;
    private readonly Regex? _exclusion;
    private readonly List<Regex> _lists = [];

    /// <param name="names">Paths, or what they end with.</param>
    /// <param name="pattern">What a whole path matches instead, or <c>all-linear</c>; null for none.</param>
    /// <param name="excluded">Paths, or ends of them, that have none.</param>
    /// <param name="exclusion">What a whole path matches that has none; null for none.</param>
    /// <param name="layers">The numbers of the layers that have adapters; null for all.</param>
    /// <param name="lists">What the lists of layers are called; where nothing is given, anything.</param>
    /// <param name="refuse">Told what is no pattern: the setting, what was expected, what was found.</param>
    public LoraTargets(List<string> names, string? pattern, List<string> excluded, string? exclusion, List<int>? layers, List<string> lists, Action<string, string, string> refuse)
    {
        (_names, _excluded, _layers, AreAll) = (names, excluded, layers, pattern == All);
        _pattern = pattern is null || AreAll ? null : Whole("target_modules", pattern);
        _exclusion = exclusion is null ? null : Whole("exclude_modules", exclusion);
        if (layers is null) return;
        foreach (var text in lists.Count == 0 ? [@".*\.[^.]*\.(\d+)\."] : lists.Select(list => $@".*\.{list}\.(\d+)\."))
        {
            if (Compiled("layers_pattern", $@"\A(?:{text})") is { } list) _lists.Add(list);
        }

        Regex? Whole(string setting, string text) => Compiled(setting, $@"\A(?:{text})\z");

        Regex? Compiled(string setting, string text)
        {
            try
            {
                return new Regex(text, RegexOptions.CultureInvariant, Longest);
            }
            catch (ArgumentException e)
            {
                refuse(setting, "a pattern that is read here", e.Message);
                return null;
            }
        }
    }

    /// <summary>Whether all linear layers are meant, whatever they are called.</summary>
    public bool AreAll { get; }

    /// <summary>Whether a module has an adapter.</summary>
    /// <param name="path">Its path: <c>model.layers.0.self_attn.q_proj</c>.</param>
    /// <exception cref="RegexMatchTimeoutException">The pattern takes too long.</exception>
    public bool Match(string path)
    {
        if (_excluded.Exists(end => Ends(path, end)) || _exclusion?.IsMatch(path) == true) return false;
        if (AreAll) return true;
        if (_pattern is not null) return _pattern.IsMatch(path);
        if (_names.Contains(path)) return true;
        return _names.Exists(end => Ends(path, end)) && (_layers is null || (LayerOf(path) is { } layer && _layers.Contains(layer)));
    }

    /// <summary>What of the settings matches none of the modules that have an adapter: each with the name of the setting.</summary>
    public IEnumerable<(string Setting, string Text)> Unused(IReadOnlyCollection<string> paths)
    {
        foreach (var name in _names.Where(name => !paths.Any(path => Ends(path, name)))) yield return ("target_modules", name);
        if ((AreAll || _pattern is not null) && paths.Count == 0) yield return ("target_modules", _pattern is { } pattern ? pattern.ToString()[5..^3] : All);
        foreach (var layer in _layers?.Where(layer => !paths.Any(path => LayerOf(path) == layer)) ?? []) yield return ("layers_to_transform", string.Create(CultureInfo.InvariantCulture, $"{layer}"));
    }

    // The last number of the path, as PEFT takes it: what is before it is matched greedily.
    private int? LayerOf(string path) => _lists.Select(list => list.Match(path)).FirstOrDefault(match => match.Success) is { } found
        && int.TryParse(found.Groups[^1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var layer) ? layer : null;

    private static bool Ends(string path, string end) => path == end || path.EndsWith("." + end, StringComparison.Ordinal);
}

namespace Lanyard.Updates;

/// <summary>What was done as it was declared, and is likely a mistake: a sentence for each, names folded.</summary>
internal static class LoadWarnings
{
    /// <param name="ignored">Ignored tensors that stand beside one that was taken.</param>
    /// <param name="overflowed">Tensors with values that became infinite.</param>
    /// <param name="isNothing">Whether no tensor came that the model has, nor an element of one.</param>
    public static IEnumerable<string> Of(IEnumerable<(string Ignored, string Loaded)> ignored, IEnumerable<Overflow> overflowed, bool isNothing)
    {
        if (isNothing) yield return "no tensor came, so that nothing was changed: is what brings them empty?";
        foreach (var alike in ignored.GroupBy(pair => (NameFolding.Shape(pair.Ignored), NameFolding.Shape(pair.Loaded))))
        {
            var (names, beside) = (NameFolding.Shown(alike.Select(pair => pair.Ignored)), NameFolding.Shown(alike.Select(pair => pair.Loaded)));
            yield return $"{string.Join(", ", names)} {(alike.Skip(1).Any() ? "were" : "was")} ignored beside {string.Join(", ", beside)}, which {(alike.Skip(1).Any() ? "were" : "was")} loaded: narrow the ignore, or declare a parameter";
        }
        foreach (var alike in overflowed.GroupBy(found => (NameFolding.Shape(found.Tensor), found.Elements)))
            yield return FormattableString.Invariant($"{alike.Key.Elements} {(alike.Key.Elements == 1 ? "value" : "values")} {(alike.Skip(1).Any() ? "each " : "")}of {string.Join(", ", NameFolding.Shown(alike.Select(found => found.Tensor)))} became infinite: the type of the parameter does not reach them");
    }
}

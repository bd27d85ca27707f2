using Lanyard.Index;

namespace Lanyard.Books;

/// <summary>In which of their formats the parameters of one load or refit come that have several. Not thread-safe.</summary>
/// <param name="index">The model.</param>
/// <param name="options">Which format to read where tensors leave several.</param>
/// <param name="names">The names that came.</param>
internal sealed class FormatChoices(ModelIndex index, LoadOptions options, ArrivedNames names)
{
    private readonly Dictionary<ModelParameter, FormatChoice> _choices = [];

    /// <summary>Whether any tensor came of such a parameter.</summary>
    public bool Any => _choices.Count > 0;

    /// <summary>The choice of a parameter; null where it has one format.</summary>
    public FormatChoice? Of(ModelParameter parameter)
    {
        if (parameter.Formats.Count == 1) return null;
        if (!_choices.TryGetValue(parameter, out var choice)) _choices.Add(parameter, choice = new FormatChoice(parameter, index, options));
        return choice;
    }

    /// <summary>The choice of a parameter of which anything came, or null.</summary>
    public FormatChoice? Find(ModelParameter parameter) => _choices.GetValueOrDefault(parameter);

    /// <summary>Enters that no more will come.</summary>
    /// <returns>What waits still.</returns>
    public List<Arrival> Close()
    {
        foreach (var choice in _choices.Values) choice.Close();
        return [.. _choices.Values.SelectMany(choice => choice.Waiting).Distinct(ReferenceEqualityComparer.Instance).Cast<Arrival>()];
    }

    /// <summary>Lets a tensor wait no longer.</summary>
    /// <param name="arrival">How it came.</param>
    /// <param name="tensor">The tensor.</param>
    /// <returns>The parameters for which it did.</returns>
    public List<(ModelParameter Parameter, FormatChoice Choice)> Withdraw(Arrival arrival, ModelTensor tensor)
    {
        var waited = new List<(ModelParameter, FormatChoice)>();
        foreach (var use in tensor.Uses)
        {
            if (Find(use.Parameter) is { } choice && choice.Waiting.Remove(arrival)) waited.Add((use.Parameter, choice));
        }
        return waited;
    }

    /// <summary>Parameters that came in several formats.</summary>
    public IEnumerable<LoadProblem> Mixed() =>
        from choice in _choices
        let both = choice.Value.Contradiction
        where both is not null && !choice.Value.IsExplained
        select new LoadProblem(LoadProblemKind.MixedFormats, $"{names.Full(both.Value.First)} and {names.Full(both.Value.Second)}", choice.Key.Name, "one format of the parameter");

    /// <summary>What would decide, for messages; null where only the caller can.</summary>
    public string? Deciding(FormatChoice choice) =>
        choice.Deciding().ToList() is { Count: > 0 } tensors ? string.Join(" or ", tensors.Select(deciding => $"{names.Full(deciding.Tensor)} of format \"{deciding.Format}\"")) : null;

    /// <summary>A tensor that several formats take, with what would decide.</summary>
    public LoadProblem Ambiguous(string name, ModelParameter parameter, List<List<TensorUse>> formats, FormatChoice choice) => new(
        LoadProblemKind.Ambiguous, name, parameter.Name, $"{(Deciding(choice) is { } deciding ? deciding + ", or " : "")}LoadOptions.Format to name one of the formats {string.Join(", ", formats.Select(format => $"\"{format[0].Format.Name}\""))}");
}

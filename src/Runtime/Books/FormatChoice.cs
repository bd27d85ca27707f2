using System.Collections.Immutable;
using Lanyard.Index;

namespace Lanyard.Books;

/// <summary>
/// In which of its formats one parameter comes: every tensor that came strikes out those that contradict it. No format is chosen from one
/// tensor where another could still tell; what all formats that are left read alike needs no choice.
/// </summary>
/// <param name="parameter">The parameter.</param>
/// <param name="index">The model.</param>
/// <param name="options">Which format to read where tensors leave several.</param>
internal sealed class FormatChoice(ModelParameter parameter, ModelIndex index, LoadOptions options)
{
    // Sources and companions.
    private readonly HashSet<ModelTensor> _came = [];
    private ImmutableArray<ImmutableArray<ParameterFormat>> _open = parameter.Layouts;
    private bool _closed;

    /// <summary>The tensors that came in different formats, or null.</summary>
    public (ModelTensor First, ModelTensor Second)? Contradiction { get; private set; }

    /// <summary>The tensors that wait for what decides.</summary>
    public HashSet<Arrival> Waiting { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Whether the contradiction was reported otherwise.</summary>
    public bool IsExplained { get; set; }

    /// <summary>Whether what came leaves more than one layout.</summary>
    public bool IsOpen => _came.Count > 0 && _open.Length > 1;

    /// <summary>Enters a tensor of the only format that is left, as nearly all are; false where it is another.</summary>
    public bool TryEnter(ModelTensor tensor, TensorUse only)
    {
        if (_open is not [[var left]] || left != only.Format) return false;
        _came.Add(tensor);
        return true;
    }

    /// <summary>Strikes out what a tensor contradicts. False where it contradicts all that is left: nothing of it is to be written.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="fits">Whether what came is what a use takes.</param>
    /// <param name="serves">Whether it is what stands beside the codes of a use.</param>
    public bool Enter(ModelTensor tensor, Predicate<TensorUse> fits, Predicate<TensorUse> serves)
    {
        var left = _open.RemoveAll(group => !group.Any(Knows));
        if (left.IsEmpty)
        {
            Contradiction ??= (_came.Where(other => !_open.Any(group => group.Any(format => Names(format, other) && Names(format, tensor)))).MinBy(other => other.Position) ?? _came.MinBy(other => other.Position)!, tensor);
            return false;
        }
        _open = left;
        _came.Add(tensor);
        return true;

        bool Knows(ParameterFormat format)
        {
            var uses = tensor.Uses.FindAll(use => use.Format == format);
            return uses.Count > 0 ? uses.TrueForAll(fits) : tensor.Serves.Exists(use => use.Format == format && serves(use)) || index.IsUnread(tensor, format);
        }
    }

    /// <summary>The uses of a tensor in one format; null where several are left that read it otherwise.</summary>
    /// <param name="fitting">Its uses, format by format, that take what came.</param>
    public List<TensorUse>? Of(List<List<TensorUse>> fitting)
    {
        var open = fitting.FindAll(uses => _open.Any(group => group.Contains(uses[0].Format)));

        // What stands beside the tensor says how it is stored.
        if (open.FindAll(HasAllBeside) is { Count: > 0 } beside) open = beside;

        // What stands beside it is of several: any of them is wrong, and the books list what is left over.
        else if (_closed && open.Count > 0) return open[0];
        if (_closed && open.FindAll(IsComplete) is { Count: > 0 } complete) open = complete;
        if (open.Count > 0 && open.TrueForAll(uses => ReadLike(uses, open[0]))) return open[0];
        return options.Format is { } name ? open.Find(uses => uses[0].Format.Name == name) : null;
    }

    /// <summary>Enters that no more will come: a format of which something lacks is none where all of another is there.</summary>
    public void Close()
    {
        _closed = true;
        if (_open.Length > 1 && _open.RemoveAll(group => !group[0].Uses.TrueForAll(use => use.Slots.IsEmpty || _came.Contains(use.Tensor))) is { IsEmpty: false } complete) _open = complete;
    }

    /// <summary>The format that is left, or the one that was begun; null where the choice says nothing.</summary>
    /// <param name="touched">Whether a tensor was taken in a format.</param>
    public ParameterFormat? Left(Predicate<ParameterFormat> touched)
    {
        var open = _open.SelectMany(group => group).ToList();
        return open.Find(touched) ?? open.Find(format => format.Name == options.Format) ?? (_came.Count > 0 ? open[0] : null);
    }

    /// <summary>Tensors of which any would tell formats apart that are left, with the formats that it speaks for.</summary>
    public IEnumerable<(ModelTensor Tensor, string Format)> Deciding()
    {
        var open = _open.SelectMany(group => group).ToList();
        foreach (var format in open)
        {
            var own = format.Uses.SelectMany(use => use.Companions.Prepend(use.Tensor)).FirstOrDefault(tensor => !_came.Contains(tensor) && !open.Exists(other => other != format && Names(other, tensor)));
            if (own is not null) yield return (own, format.Name);
        }
    }

    /// <summary>Whether two readings of a tensor are one.</summary>
    public static bool ReadLike(List<TensorUse> a, List<TensorUse> b) => a.Count == b.Count && a.Zip(b).All(pair => pair.First.ReadsLike(pair.Second));

    private bool Names(ParameterFormat format, ModelTensor tensor) =>
        tensor.Uses.Exists(use => use.Format == format) || tensor.Serves.Exists(use => use.Format == format) || index.IsUnread(tensor, format);

    private bool HasAllBeside(List<TensorUse> uses) => uses[0].Tensor.Uses.TrueForAll(use =>
        use.Parameter != parameter || use.Companions.All(other => !_came.Contains(other) || uses.Exists(own => own.Companions.Contains(other)) || index.IsUnread(other, uses[0].Format)));

    private bool IsComplete(List<TensorUse> uses) => uses.TrueForAll(use => use.Slots.IsEmpty || use.Companions.Index().All(companion => use.Encoding.Companions[companion.Index].Absent is not null || _came.Contains(companion.Item)));
}

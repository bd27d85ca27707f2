using System.Collections.Immutable;
using Lanyard.Memory;
using TorchSharp.Modules;

namespace Lanyard.Index;

/// <summary>Where the parameters of a model lay in main memory when a session began, to find those at an address among many.</summary>
internal sealed class LiveMemory
{
    private readonly (ModelParameter Parameter, Parameter Value, TensorForm Form)[] _values;

    // Apart from the values: each look-up would wait for the memory of as many of them as it compares.
    private readonly nint[] _begins;
    private readonly nint[] _ends;

    /// <param name="parameters">The parameters by address, each of which has one.</param>
    public LiveMemory(ImmutableArray<ModelParameter> parameters)
    {
        _values = [.. parameters.Select(parameter => (parameter, parameter.Bound.Held, parameter.Bound.Form!))];
        (_begins, _ends) = (new nint[_values.Length], new nint[_values.Length]);
        for (var i = 0; i < _values.Length; i++)
        {
            // The furthest of all so far, since those that interleave need not end in the order in which they begin.
            var form = _values[i].Form;
            (_begins[i], _ends[i]) = (form.Address, i > 0 ? nint.Max(_ends[i - 1], form.End) : form.End);
        }
    }

    /// <summary>The parameters around a range of addresses that lie there still, and how. Where there is none, nothing is allocated.</summary>
    public IEnumerable<(ModelParameter Parameter, TensorForm Form)> Around(nint begin, nint end)
    {
        var (first, after) = (0, _ends.Length);
        while (first < after)
        {
            var middle = (first + after) / 2;
            if (_ends[middle] <= begin) first = middle + 1;
            else after = middle;
        }
        return first == _begins.Length || _begins[first] >= end ? [] : From(first, end);
    }

    private IEnumerable<(ModelParameter Parameter, TensorForm Form)> From(int first, nint end)
    {
        for (var i = first; i < _values.Length && _begins[i] < end; i++)
        {
            // By the tensor of then: a shadow may be in the property meanwhile, and what was mapped has left its memory to others.
            var (parameter, value, form) = _values[i];
            if (form.IsOf(value)) yield return (parameter, form);
        }
    }
}

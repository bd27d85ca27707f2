using Lanyard.Index;
using Lanyard.Layouts;
using Lanyard.Memory;
using TorchSharp;

namespace Lanyard.Live;

/// <summary>Whether parameters of which no tensor came have the value that is declared for that.</summary>
internal static class AbsentValue
{
    /// <summary>Whether a live parameter has it. Of one that post-load replaced nothing is left to look at.</summary>
    public static bool IsHeld(ModelParameter parameter)
    {
        if (parameter.Bound.IsTransformed) return true;
        using var noGrad = torch.no_grad();
        using var value = parameter.Bound.Held.contiguous();
        return IsHeld(parameter, value);
    }

    /// <inheritdoc cref="IsHeld(ModelParameter)"/>
    /// <param name="parameter">The parameter.</param>
    /// <param name="value">Its value in the layout that loads write, contiguous.</param>
    public static bool IsHeld(ModelParameter parameter, torch.Tensor value) =>
        parameter.Formats[0].Uses.TrueForAll(use => use.Slots.All(slot => ConstantValue.Holds(value, new ConstantSlot(parameter.Bound.Entry.Absent!.Value, slot))));
}

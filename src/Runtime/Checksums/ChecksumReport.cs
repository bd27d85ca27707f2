using System.Collections.Immutable;
using System.Text;
using Lanyard.Checkpoints;

namespace Lanyard;

/// <summary>What a comparison of the checksums of a model with those of a trainer found.</summary>
public sealed record ChecksumReport
{
    /// <summary>How many slots of the model have the bits that the trainer sent.</summary>
    public required int Agreeing { get; init; }

    /// <summary>
    /// The slots of the model that hold other bits than the trainer has. Where the trainer's tensor could not have filled the slot at all,
    /// <see cref="SlotChecksum.Reason"/> says why.
    /// </summary>
    public required ImmutableArray<SlotChecksum> Differing { get; init; }

    /// <summary>The slots of the model for which the trainer has no checksum.</summary>
    public required ImmutableArray<SlotChecksum> Missing { get; init; }

    /// <summary>The trainer's checksums of slots that the model does not have.</summary>
    public required ImmutableArray<SlotChecksum> Unknown { get; init; }

    /// <summary>The slots of the model of which nobody can say what was loaded into them, with the reason.</summary>
    public required ImmutableArray<SlotChecksum> Unverifiable { get; init; }

    /// <summary>What is wrong with parameters of the model beside their slots: padding that is not zero, a constant that is not what is declared.</summary>
    public required ImmutableArray<ParameterFault> Faults { get; init; }

    /// <summary>Whether something is other than the trainer sent it.</summary>
    public bool HasDifferences => !(Differing.IsEmpty && Missing.IsEmpty && Unknown.IsEmpty && Faults.IsEmpty);

    /// <summary>Whether every slot of the model holds the bits that the trainer sent; so it is on a rank that has no slot.</summary>
    public bool IsProof => !HasDifferences && Unverifiable.IsEmpty;

    /// <summary>Throws unless the model is proven to hold what the trainer sent.</summary>
    /// <param name="allowUnverifiable">Whether to be content where slots that can be verified agree.</param>
    /// <exception cref="ChecksumException">It is not; everything is listed.</exception>
    public void ThrowUnlessProven(bool allowUnverifiable = false)
    {
        if (!IsProof && (!allowUnverifiable || HasDifferences)) throw new ChecksumException(this);
    }

    /// <summary>What was found: a sentence, then a line for each kind of finding, alike names folded.</summary>
    public override string ToString()
    {
        var text = new StringBuilder(HasDifferences ? "The model does not hold what the trainer sent: "
            : IsProof ? "The model holds what the trainer sent: "
            : "Nothing differs, but the model is not proven to hold what the trainer sent: ");
        text.Append(Agreeing).Append(Agreeing == 1 ? " slot agrees" : " slots agree");
        Tell(text, Differing.Length, "differ", "differs");
        Tell(text, Missing.Length, "are missing", "is missing");
        Tell(text, Unknown.Length, "are unknown", "is unknown");
        Tell(text, Unverifiable.Length, "cannot be verified", "cannot be verified");
        Tell(text, Faults.Length, "parameters have faults", "parameter has a fault");
        text.Append('.');
        List(text, "differs:      ", Differing, "it holds other bits");
        List(text, "missing:      ", Missing, "the trainer has no checksum of it");
        List(text, "unknown:      ", Unknown, "the model has no such slot");
        List(text, "unverifiable: ", Unverifiable, "");
        foreach (var alike in Faults.GroupBy(fault => (NameFolding.Shape(fault.Parameter), fault.Fault)))
        {
            foreach (var name in NameFolding.Shown(alike.Select(fault => fault.Parameter).Distinct()))
                text.Append("\n  fault:         ").Append(name).Append(": ").Append(alike.Key.Fault);
        }
        return text.ToString();
    }

    private static void Tell(StringBuilder text, int count, string several, string one)
    {
        if (count > 0) text.Append(", ").Append(count).Append(' ').Append(count == 1 ? one : several);
    }

    private static void List(StringBuilder text, string word, ImmutableArray<SlotChecksum> slots, string meaning)
    {
        // A tensor is on one line, however many of its slots are of the kind.
        var tensors = slots.GroupBy(slot => (slot.Tensor, slot.Parameter, slot.Type, slot.Reason)).Select(tensor => (tensor.Key, Part: Part([.. tensor])));
        foreach (var alike in tensors.GroupBy(item => (NameFolding.Shape(item.Key.Tensor), NameFolding.Shape(item.Key.Parameter ?? ""), item.Key.Type, item.Key.Reason, item.Part)))
        {
            var names = NameFolding.Shown(alike.Select(item => item.Key.Tensor).Distinct());
            foreach (var name in names)
            {
                text.Append("\n  ").Append(word).Append(' ').Append(name).Append(' ').Append(alike.Key.Type.Text()).Append(alike.Key.Part);
                if (names.Count == 1 && alike.First().Key.Parameter is not null)
                    text.Append(" (parameter ").Append(string.Join(", ", NameFolding.Shown(alike.Select(item => item.Key.Parameter!).Distinct()))).Append(')');
                text.Append(": ").Append(alike.Key.Reason ?? meaning);
            }
        }
    }

    private static string? Part(SlotChecksum[] slots) =>
        slots.Length > 1 ? $", {slots.Length} slots" : slots[0].Part is { } part ? $", {part}" : null;
}

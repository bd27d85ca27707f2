using System.Globalization;
using System.Runtime.CompilerServices;

namespace Lanyard.Generator.Conformance.Lists;

/// <summary>What stands in a name where its key has a zero: digits, or a hole.</summary>
internal readonly struct NameSlot
{
    // More do not count anything, and nine fit in an int.
    private const int MostDigits = 9;

    /// <summary>Digits that stand in the text.</summary>
    public NameSlot(string digits)
    {
        (Digits, Hole) = (digits, -1);
        if (TryNumber(digits, 0, digits.Length, out var number)) Numbers = NumberSet.Of(number);
    }

    /// <summary>A hole.</summary>
    /// <param name="hole">Which of the holes.</param>
    /// <param name="numbers">Its numbers, null for any.</param>
    public NameSlot(int hole, NumberSet? numbers) => (Hole, Numbers) = (hole, numbers);

    /// <summary>The digits; null for a hole.</summary>
    public string? Digits { get; }

    /// <summary>Which of the holes; -1 for digits.</summary>
    public int Hole { get; }

    /// <summary>The numbers that stand here: those of a hole, or that of the digits. Null for any number, and for digits that are no number.</summary>
    public NumberSet? Numbers { get; }

    /// <summary>Reads digits as a number, which has no zeros before it.</summary>
    [MethodImpl(Hot.Loop)]
    public static bool TryNumber(string text, int start, int length, out int number)
    {
        number = 0;
        if (length is 0 or > MostDigits || (length > 1 && text[start] == '0')) return false;
        for (var i = start; i < start + length; i++)
        {
            if (!IsDigit(text[i])) return false;
            number = (number * 10) + (text[i] - '0');
        }
        return true;
    }

    /// <summary>Whether a character is one of the ten digits.</summary>
    public static bool IsDigit(char c) => c is >= '0' and <= '9';

    /// <summary>The digits or the numbers.</summary>
    public override string ToString() => Digits ?? string.Format(CultureInfo.InvariantCulture, "{{{0}}}", Numbers);
}

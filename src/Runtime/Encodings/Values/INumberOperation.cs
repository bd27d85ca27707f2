using System.Runtime.Intrinsics;

namespace Lanyard.Encodings.Values;

/// <summary>An operation of two numbers.</summary>
/// <typeparam name="T">int, long or float.</typeparam>
internal interface INumberOperation<T> where T : unmanaged
{
    /// <summary>Of two numbers. Of whole ones, an overflow throws.</summary>
    static abstract T Of(T left, T right);

    /// <summary>Of eight, where none overflows.</summary>
    static abstract Vector256<T> Of(Vector256<T> left, Vector256<T> right);

    /// <summary>Of sixteen, where none overflows.</summary>
    static abstract Vector512<T> Of(Vector512<T> left, Vector512<T> right);
}

System.Console.WriteLine("Lanyard");
